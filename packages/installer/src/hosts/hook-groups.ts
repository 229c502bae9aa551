import type { HookedHost } from '@subagent-mcp/orchestration'
import type { Edit } from '../edit/edit.js'
import type { Machine, Wiring } from './host.js'
import { hookCommand, ourHooks } from './hook-command.js'

/** One event of a host, with the tools it is wanted for. */
type HookEvent = { event: string; matcher?: string }

/** The hooks of a host as data. */
export type Hooks = {
  host: HookedHost
  events: readonly HookEvent[]
  /** How long a hook may take, in the host's own unit. */
  timeout: number
}

/** Our group of each event, the last one there: a host that trusts hooks by their place goes on trusting the others. */
export function hookEdits(machine: Machine, wiring: Wiring, { host, events, timeout }: Hooks): Edit[] {
  const handler = { type: 'command', command: hookCommand(machine, wiring, host), timeout }
  return events.map(({ event, matcher }) => ({
    type: 'add-item',
    path: ['hooks', event],
    value: { ...(matcher !== undefined && { matcher }), hooks: [handler] },
    ours: ourHooks(host),
  }))
}
