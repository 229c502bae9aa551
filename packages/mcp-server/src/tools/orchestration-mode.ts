import { looseObjectSchema } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import { z } from 'zod'
import { defineMcpTool } from '../mcp-tool.js'
import type { ModeStatus } from '@subagent-mcp/orchestration'

export const orchestrationModeTool = defineMcpTool({
  name: 'orchestration-mode',
  title: 'Orchestration mode',
  description:
    'In it every step of this project is delegated, direct edits and commands are denied. Off only when the user asks.',
  annotations: { idempotentHint: true },
  launches: true,
  input: z.strictObject({ enabled: z.boolean().optional().describe('Default: only tell') }),
  output: looseObjectSchema({
    project: z.string(),
    on: z.boolean(),
    enforced: z.enum(['hooks', 'no-hooks-set-up', 'host-has-none']).exactOptional(),
    since: z.number().describe('Unix milliseconds').exactOptional(),
    by: z.string().exactOptional(),
    expires: z.number().exactOptional(),
  }),
  run: async ({ enabled }, { mode, client }) => {
    if (mode === undefined) {
      const hint = 'go on with your task'
      throw new SubagentError('not-supported', 'orchestration mode is for hosts, never for agents', { hint })
    }
    const status = enabled === undefined ? await mode.get(client) : await mode.set(enabled, client)
    return { text: describeMode(status), data: () => status, agents: [] }
  },
})

/** Describes orchestration mode for the host's model, and whether hooks enforce it. */
function describeMode(status: ModeStatus): string {
  if (!status.on) return `orchestration mode is off in ${status.project}`
  const { project, since, by, expires, enforced } = status
  const until = expires === undefined ? '' : `, until ${time(expires)}`
  return [
    `orchestration mode is on in ${project} since ${time(since)}, by ${by}${until}`,
    enforcement[enforced],
    'next: launch_agent or invoke for every step, then wait',
  ].join('\n')
}

const enforcement = {
  hooks: 'its hooks are set up: direct edits and commands are denied',
  'no-hooks-set-up':
    'stored, but nothing enforces it here: the hooks of this host are not set up. Tell the user to run: subagent-mcp setup',
  'host-has-none':
    'stored, but nothing enforces it here: this host has no hooks. Keep to it by yourself, and tell the user',
} as const

function time(at: number): string {
  return new Date(at).toISOString()
}
