import { SubagentError } from '@subagent-mcp/contract'
import type { Terminal } from '../terminal/terminal.js'
import type { WorkerOrder } from '../worker/worker-order.js'
import { knownDrivers } from './known-drivers.js'

/** @throws SubagentError for a provider that there is not, and for what its CLI cannot be held to */
export function checkDrivers(
  { provider, maxTurns }: Pick<WorkerOrder, 'provider' | 'maxTurns'>,
  terminal: Pick<Terminal, 'environment'>,
): void {
  if (provider === undefined) return
  const drivers = knownDrivers(terminal)
  const driver = drivers.get(provider)
  if (!driver) {
    const hint = `use one of ${[...drivers.keys()].join(', ')}`
    throw new SubagentError('unknown-provider', `no provider '${provider}'`, { hint })
  }
  if (maxTurns === undefined || driver.abilities.maxTurns) return
  const hint = 'leave --max-turns out; a turn ends after ten minutes in any case'
  throw new SubagentError('invalid-parameter', `${provider} cannot be held to a number of turns`, { hint })
}
