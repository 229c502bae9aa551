import { SubagentError } from '@subagent-mcp/contract'
import type { Terminal } from '../../terminal/terminal.js'
import type { WorkerOrder } from '../../worker/worker-order.js'
import { knownDrivers } from '../known-drivers.js'

/** @throws SubagentError for a provider that does not exist, and for what the CLI of a named one cannot be held to */
export function checkDrivers(
  { provider, prefer, maxTurns }: Pick<WorkerOrder, 'provider' | 'prefer' | 'maxTurns'>,
  terminal: Pick<Terminal, 'environment'>,
): void {
  const named = provider ?? prefer
  if (named === undefined) return
  const drivers = knownDrivers(terminal)
  const driver = drivers.get(named)
  if (!driver) {
    const hint = `use one of ${[...drivers.keys()].join(', ')}`
    throw new SubagentError('unknown-provider', `no provider '${named}'`, { hint })
  }
  // One that is only preferred is passed over by the launch itself.
  if (provider === undefined || maxTurns === undefined || driver.abilities.maxTurns) return
  const hint = 'leave --max-turns out; a turn ends after ten minutes in any case'
  throw new SubagentError('invalid-parameter', `${provider} cannot be held to a number of turns`, { hint })
}
