import { WarmUpAnswer } from '@subagent-mcp/api'
import { z } from 'zod'
import { describePooledProcess } from '../answers/describe-pool.js'
import { defineMcpTool } from '../mcp-tool.js'

export const warmupTool = defineMcpTool({
  name: 'warmup',
  title: 'Warm up',
  description: 'Start an agent ahead of its first task.',
  annotations: { idempotentHint: true, openWorldHint: true },
  launches: true,
  input: z.strictObject({
    agent: z.string().describe('A definition'),
    cwd: z.string().optional().describe('Default: yours'),
    cache: z.boolean().optional().describe('One short turn, to fill the prompt cache'),
  }),
  output: WarmUpAnswer,
  run: async ({ agent, cwd, cache = false }, { agents, signal, supervisor }) => {
    const process = await agents.warm(agent, { cwd, cache, signal })
    const line = describePooledProcess(process, supervisor.clock.now())
    return { text: `${agent}: ${line}\nnext: invoke`, data: () => ({ process }), agents: [] }
  },
})
