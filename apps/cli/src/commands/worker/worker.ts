import { SubagentError } from '@subagent-mcp/contract'
import { knownDrivers } from '../../drivers.js'
import { terminalCommand } from '../../terminal/command-context.js'
import type { Terminal } from '../../terminal/terminal.js'
import type { WorkerOrder } from '../../worker/worker-order.js'
import { printWorker } from './print-worker.js'
import { runWorkerHere } from './run-worker.js'
import { workerOptionsOf, workerSpec } from './worker-args.js'
import { watchStopRequests } from '@subagent-mcp/daemon'

/** Runs a worker in this folder until it is stopped; with `--print` only prints what it would launch. */
export const workerCommand = terminalCommand(workerSpec, async (args, terminal) => {
  const order = workerOptionsOf(args, terminal.cwd)
  checkProvider(order, terminal)
  return args.print
    ? printWorker(order, args.json, terminal)
    : runWorkerHere(order, args.json, { terminal, stops: watchStopRequests() })
})

/** @throws SubagentError for an unknown provider, or one that cannot limit its turns as `--max-turns` asks */
function checkProvider(
  { provider, prefer, maxTurns }: Pick<WorkerOrder, 'provider' | 'prefer' | 'maxTurns'>,
  { environment }: Pick<Terminal, 'environment'>,
): void {
  const named = provider ?? prefer
  if (named === undefined) return
  const drivers = knownDrivers(environment)
  const driver = drivers.get(named)
  if (!driver) {
    const hint = `use one of ${[...drivers.keys()].join(', ')}`
    throw new SubagentError('unknown-provider', `no provider '${named}'`, { hint })
  }
  // A launch skips a preferred provider that cannot limit its turns.
  if (provider === undefined || maxTurns === undefined || driver.abilities.maxTurns) return
  const hint = 'leave --max-turns out; a turn ends after ten minutes in any case'
  throw new SubagentError('invalid-parameter', `${provider} cannot limit the number of turns`, { hint })
}
