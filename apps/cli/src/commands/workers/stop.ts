import { SubagentError } from '@subagent-mcp/contract'
import { flagExcludes, atLeastOneArgOf } from '../../command/rules.js'
import { jsonFlag, textArg, boolArg } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { stateFolderOf } from '../../settings/state-folder.js'
import { terminalCommand } from '../../terminal/command-context.js'
import { printResult } from '../../terminal/print.js'
import { type StoppedWorker, stopWorker } from '../../worker/stop-worker.js'
import { isRunning, readWorker, workerPath, workerPaths, type WorkerState } from '../../worker/worker-file.js'

/** Sends SIGTERM to the named worker, or to all running ones in parallel, waits for each, and prints each result. @throws SubagentError */
export const workersStopCommand = terminalCommand(
  {
    description: 'Send SIGTERM to a worker, and wait until it has ended',
    details: ['Exits 1 if a worker still runs after 25 s.'],
    examples: ['workers stop api', 'workers stop --all'],
    words: { name: textArg('name', 'Name of the worker', { names: 'workers' }).exactOptional() },
    flags: { all: boolArg('Stop all workers of this machine'), json: jsonFlag },
    rules: [atLeastOneArgOf('name', 'all'), flagExcludes('all', ['name'])],
  },
  async ({ name, json }, terminal) => {
    const home = stateFolderOf(terminal.environment)
    const states = name === undefined ? runningWorkers(home) : [namedWorker(home, name)]
    const ended = await Promise.all(
      states.map(async (state) => {
        const { name, pid } = state.worker
        return { name, pid, result: await stopWorker(state) }
      }),
    )
    if (!json && ended.length === 0) await terminal.stderr.print('no worker runs\n')
    else {
      const lines = ended.map(({ name, pid, result }) => `${name} (pid ${pid}) ${resultTexts[result]}`)
      await printResult(terminal, json, { text: lines.join('\n'), data: ended })
    }
    const isDone = ended.every(({ result }) => result === 'stopped' || result === 'not-running')
    return isDone ? exitCode.done : exitCode.failed
  },
)

const resultTexts: Readonly<Record<StoppedWorker, string>> = {
  stopped: 'has ended',
  'not-running': 'was not running',
  'still-running': 'was asked to end, and still runs',
  'not-ours': 'belongs to another user',
}

function namedWorker(home: string, name: string): WorkerState {
  const state = readWorker(workerPath(home, name))
  if (state) return state
  const hint = 'subagent-mcp workers lists those that ran'
  throw new SubagentError('unknown-agent', `no worker '${name}' ever ran here`, { hint })
}

/** Lists running workers. Skips files that cannot be read, which `workers status` reports. */
function runningWorkers(home: string): WorkerState[] {
  return workerPaths(home).flatMap((path) => {
    try {
      const state = readWorker(path)
      return state && isRunning(state) ? [state] : []
    } catch (error) {
      if (!(error instanceof SubagentError)) throw error
      return []
    }
  })
}
