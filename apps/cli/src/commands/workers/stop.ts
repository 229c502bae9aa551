import { SubagentError } from '@subagent-mcp/contract'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { excludes, oneOf } from '../../command/rules.js'
import { jsonFlag, text, toggle } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { homeFolder } from '../../settings/home-folder.js'
import { jsonText } from '../../terminal/json-text.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { type StoppedWorker, stopWorker } from '../../worker/stop-worker.js'
import { isRunning, readWorker, workerPath, workerPaths, type WorkerState } from '../../worker/worker-file.js'

/** How `workers stop` is called. */
export const workersStopSpec = commandSpec({
  description: 'Send SIGTERM to a worker, and wait up to 25 s until its running turn has ended',
  words: { name: text('name', 'Name of the worker').exactOptional() },
  flags: { all: toggle('Stop all workers of this machine'), json: jsonFlag },
  rules: [oneOf('name', 'all'), excludes('all', ['name'])],
})

/** Stops workers. */
export const workersStop = defineCommand(workersStopSpec, (args) =>
  withTerminal((terminal) => endWorkers(args, terminal)),
)

/** Sends SIGTERM to the named worker, or to all running ones in parallel, waits for each, and prints each result. @throws SubagentError */
export async function endWorkers(
  { name, json }: ArgsOf<typeof workersStopSpec>,
  { environment, stdout, stderr }: Terminal,
): Promise<number> {
  const home = homeFolder(environment)
  const states = name === undefined ? allRunning(home) : [named(home, name)]
  const ended = await Promise.all(
    states.map(async (state) => ({ ...whichOf(state), result: await stopWorker(state) })),
  )
  if (json) await stdout.print(`${jsonText(ended, 2)}\n`)
  else if (ended.length === 0) await stderr.print('no worker runs\n')
  else
    await stdout.print(ended.map((each) => `${each.name} (pid ${each.pid}) ${words[each.result]}\n`).join(''))
  const isDone = ended.every(({ result }) => result === 'stopped' || result === 'not-running')
  return isDone ? exitCode.done : exitCode.failed
}

const words: Readonly<Record<StoppedWorker, string>> = {
  stopped: 'has ended',
  'not-running': 'was not running',
  'still-running': 'was told to end, and still runs',
  'not-ours': 'is of another user',
}

function whichOf({ worker: { name, pid } }: WorkerState): { name: string; pid: number } {
  return { name, pid }
}

function named(home: string, name: string): WorkerState {
  const state = readWorker(workerPath(home, name))
  if (state) return state
  const hint = 'subagent-mcp workers lists those that ran'
  throw new SubagentError('unknown-agent', `no worker '${name}' ever ran here`, { hint })
}

/** One that cannot be read is passed by: `workers status` tells of it. */
function allRunning(home: string): WorkerState[] {
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
