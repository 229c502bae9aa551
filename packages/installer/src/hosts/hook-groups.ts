import type { HookedHost } from '@subagent-mcp/orchestration'
import type { Edit } from '../edit/edit.js'
import type { HostMachine, Wiring } from './host.js'
import { hookCommand, ourHooks } from './hook-command.js'

/** One event of a host, with the matcher of its tools. */
type HookEvent = { event: string; matcher?: string }

export type HostHooks = {
  host: HookedHost
  events: readonly HookEvent[]
  /** The time limit of a hook, in the host's own unit. */
  timeout: number
}

/** Adds our group as the last one of each event, so that hosts that trust hooks by their position keep trusting the others. */
export function hookEdits(
  machine: HostMachine,
  wiring: Wiring,
  { host, events, timeout }: HostHooks,
): Edit[] {
  const handler = { type: 'command', command: hookCommand(machine, wiring, host), timeout }
  return events.map(({ event, matcher }) => ({
    type: 'add-item',
    path: ['hooks', event],
    value: { ...(matcher !== undefined && { matcher }), hooks: [handler] },
    ours: ourHooks(host),
  }))
}
