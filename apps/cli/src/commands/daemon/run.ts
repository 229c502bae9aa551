import { defineCommandWithoutTerminal } from '../../command/define-cli-command.js'
import { booleanArgSchema } from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { getStateFolderPath } from '../../settings/state-folder.js'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
// Both are loaded before the threads start, because each asks Node for a report of the process, and a report waits for all threads.
import 'libsql'
import 'libsql/promise'

export const daemonRunCommand = defineCommandWithoutTerminal(
  {
    description: 'Run the daemon in the foreground',
    examples: ['daemon run', 'daemon run --stay --log'],
    flags: {
      log: booleanArgSchema('Write to the log file instead of stderr'),
      stay: booleanArgSchema('Wait until a running daemon ends, and take its place'),
    },
    isHidden: true,
  },
  async ({ log: toFile, stay: stays }) => {
    const environment = { ...process.env }
    const journalCheck = checkJournalOnThreads(join(getStateFolderPath(environment), 'journal.db'))
    // Loaded only now, while the threads check the journal.
    const { runDaemonOfThisVersion } = await import('../../daemon/run-daemon.js')
    const end = await runDaemonOfThisVersion(environment, { toFile, stays, journalCheck })
    // The system's service starts the daemon again after a failure, then from the files of the installed release.
    return end === 'done' ? exitCode.done : exitCode.failed
  },
)

/** The bytes of a journal from which its check takes longer than the start of a thread. */
const largeJournal = 4 * 2 ** 20

/**
 * Checks a large journal on two other threads, so that the modules of the daemon load meanwhile. Resolves with whether the journal is in
 * order, and with false if it cannot be read: its opening then checks it. Returns `undefined` for a small one.
 */
function checkJournalOnThreads(path: string): Promise<boolean> | undefined {
  if (sizeOf(path) < largeJournal) return undefined
  // The names of both parts: importing the journal's module would take longer.
  const parts = ['structure', 'rows'].map((part) => checkPart(path, part))
  return Promise.all(parts).then((results) => results.every(Boolean))
}

function checkPart(path: string, part: string): Promise<boolean> {
  return new Promise((resolve) => {
    const script = new URL('./check-journal-thread.cjs', import.meta.url)
    // The thread must not inherit options such as --import.
    const thread = new Worker(script, { workerData: { path, part }, execArgv: [] })
    const unknown = (): void => resolve(false)
    thread.once('message', resolve).once('error', unknown).once('exit', unknown)
  })
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size
  } catch {
    return 0 // The opening of the journal reports what is wrong with its path.
  }
}
