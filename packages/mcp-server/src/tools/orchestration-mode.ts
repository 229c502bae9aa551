import { SubagentError } from '@subagent-mcp/contract'
import { z } from 'zod'
import { describeMode } from '../describe-mode.js'
import { defineTool } from '../tool.js'

/** Turns orchestration mode on or off, or says which it is. */
export const orchestrationMode = defineTool({
  name: 'orchestration-mode',
  description:
    'Mode in which every step of this project is delegated, and direct edits and commands are denied. Turn it off only when the user asks.',
  annotations: { idempotentHint: true },
  launches: true,
  input: z.strictObject({ enabled: z.boolean().optional().describe('Default: only tell') }),
  run: async ({ enabled }, { mode, client }) => {
    if (mode === undefined) {
      const hint = 'go on with your task'
      throw new SubagentError('not-supported', 'the mode is for hosts: agents are never in it', { hint })
    }
    const status = enabled === undefined ? await mode.get(client) : await mode.set(enabled, client)
    return { text: describeMode(status), agents: [] }
  },
})
