import { PoolResetAnswer } from '@subagent-mcp/api'
import { z } from 'zod'
import { defineMcpTool } from '../mcp-tool.js'

export const resetTool = defineMcpTool({
  name: 'reset',
  title: 'Reset',
  description: 'End all processes of an agent, running tasks too. The next invoke starts afresh.',
  annotations: { destructiveHint: true, idempotentHint: true },
  launches: true,
  input: z.strictObject({ agent: z.string().describe('A definition') }),
  output: PoolResetAnswer,
  run: async ({ agent }, { agents }) => {
    const ended = await agents.reset(agent)
    const what = ended === 0 ? 'had no process' : `${ended} process${ended === 1 ? '' : 'es'} ended`
    return { text: `${agent}: ${what}`, data: () => ({ ended }), agents: [] }
  },
})
