import { SubagentError } from '@subagent-mcp/contract'
import type { DaemonClient } from '@subagent-mcp/client'
import {
  isWorkerRunning,
  readWorkerState,
  readWorkerStateIfReadable,
  getWorkerStatePath,
  listWorkerStatePaths,
} from '@subagent-mcp/runtime/worker-files'
import { createAtLeastOneArgRule, createFlagExcludesRule } from '../../command/arg-rules.js'
import { jsonFlag, textArgSchema, booleanArgSchema } from '../../command/arg-schemas.js'
import { connectRunningDaemon } from '../../daemon/connect-or-start-daemon.js'
import { exitCode } from '../../exit.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'
import { printResult } from '../../terminal/print.js'
import { getWorkersFolder } from '../../worker/session-server.js'

/** The outcome of a stop. `not-ours`: a daemon of another version runs the worker. */
type StoppedWorker = 'stopped' | 'not-running' | 'not-ours'

/** Stops the named worker, or all running ones in parallel, waits for each, and prints each result. @throws SubagentError */
export const workersStopCommand = defineTerminalCommand(
  {
    description: 'Stop a worker of this machine, and wait until it has ended',
    details: ['A running turn has five seconds to end. Exits 1 if a worker could not be stopped.'],
    examples: ['workers stop api', 'workers stop --all'],
    words: {
      name: textArgSchema('name', 'Worker to stop, by its name in subagent-mcp workers', {
        names: 'workers',
      }).exactOptional(),
    },
    flags: { all: booleanArgSchema('Stop all workers of this machine'), json: jsonFlag },
    rules: [createAtLeastOneArgRule('name', 'all'), createFlagExcludesRule('all', ['name'])],
  },
  async ({ name, json }, terminal) => {
    const folder = getWorkersFolder(terminal.environment)
    const client = await connectRunningDaemon(terminal.environment)
    const names = name === undefined ? await runningWorkers(folder, client) : [knownWorker(folder, name)]
    const ended = await Promise.all(
      names.map(async (each) => ({ name: each, result: await stopWorker(folder, each, client) })),
    )
    if (!json && ended.length === 0) await terminal.stderr.print('no worker runs\n')
    else {
      const lines = ended.map((each) => `${each.name} ${resultTexts[each.result]}`)
      await printResult(terminal, json, { text: lines.join('\n'), data: ended })
    }
    return ended.every(({ result }) => result !== 'not-ours') ? exitCode.done : exitCode.failed
  },
)

const resultTexts: Readonly<Record<StoppedWorker, string>> = {
  stopped: 'has ended',
  'not-running': 'was not running',
  'not-ours': 'is run by a daemon of another version, whose subagent-mcp can stop it',
}

async function stopWorker(
  folder: string,
  name: string,
  client: DaemonClient | undefined,
): Promise<StoppedWorker> {
  if (await client?.stopWorker(name)) return 'stopped'
  const state = readWorkerStateIfReadable(getWorkerStatePath(folder, name))
  return state && isWorkerRunning(state) ? 'not-ours' : 'not-running'
}

function knownWorker(folder: string, name: string): string {
  if (readWorkerState(getWorkerStatePath(folder, name))) return name
  const hint = 'subagent-mcp workers lists those that ran'
  throw new SubagentError('unknown-agent', `no worker '${name}' ever ran here`, { hint })
}

/** Returns the names of running workers: those of the daemon, and those that run by their state files. */
async function runningWorkers(folder: string, client: DaemonClient | undefined): Promise<string[]> {
  const running = ((await client?.workers()) ?? []).filter(
    ({ status }) => status !== 'stopped' && status !== 'given-up',
  )
  const others = listWorkerStatePaths(folder).flatMap((path) => {
    const state = readWorkerStateIfReadable(path)
    return state && isWorkerRunning(state) ? [state.worker.name] : []
  })
  return [...new Set([...running.map(({ name }) => name), ...others])].sort()
}
