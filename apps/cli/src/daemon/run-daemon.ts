import { once, systemClock, selectDefinedVariables } from '@subagent-mcp/contract'
import {
  createDaemonEnvironment,
  openDaemonLog,
  openFileLog,
  openPersistentWorkers,
  runDaemon,
  watchEventLoop,
  type DaemonLog,
  type DaemonEndReason,
} from '@subagent-mcp/daemon'
import { getPidScope, readProcessStartTime } from '@subagent-mcp/driver-kit'
import { readStateSnapshots } from '@subagent-mcp/runtime/state'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { exitCode, endProcess } from '../exit.js'
import { findKeyVariableNames } from '../fleet/key-variable-names.js'
import { getPersistentWorkersPath } from '../fleet/recorded-fleet.js'
import { formatOtherVersionCommand } from '../releases/server-command.js'
import { keepDaemonSuccessorReady } from './keep-successor.js'
import { openRuntime } from '../open-runtime.js'
import { cliScriptPath } from '../cli-script-path.js'
import type { UserConfig } from '../settings/config.js'
import { getStateFolderPath } from '../settings/state-folder.js'
import { version } from '../version.js'
import { getDaemonLogPath, getDaemonSocketPath } from './daemon-paths.js'

/**
 * `toFile`: logs to the daemon's file, because stderr belongs to a service manager. `journalCheck`: whether
 * the journal is found in order; missing for a small one, which its opening checks. The others: see `DaemonOptions`.
 */
type DaemonOptions = {
  toFile: boolean
  stays: boolean
  isEmbedded?: boolean
  journalCheck?: Promise<boolean> | undefined
}

/** Runs the daemon of this version over the user's files. */
export function runDaemonOfThisVersion(
  environment: NodeJS.ProcessEnv,
  { toFile, stays, isEmbedded = false, journalCheck }: DaemonOptions,
): Promise<DaemonEndReason> {
  const file = getDaemonLogPath(environment, version)
  const log = toFile ? openFileLog(file) : openDaemonLog(file)
  const home = getStateFolderPath(environment)
  logCrashes(log)
  return runDaemon({
    ...{ version, log, stays, isEmbedded, programStamp },
    socketPath: getDaemonSocketPath(environment, version),
    tokenPath: join(home, 'token'),
    // Beside the folder of the bundle, where the build copies it.
    pageFolder: join(dirname(cliScriptPath), '..', 'dashboard'),
    openRuntime: async ({ hasWaited }) => {
      // Read while other threads check the journal.
      const snapshots = journalCheck && !hasWaited ? readStateSnapshots(home, version) : undefined
      const isInOrder = await journalCheck
      return openRuntime({
        ...{ kind: 'daemon', environment, version, log },
        checkedSnapshots: isInOrder ? snapshots : undefined,
        // Another program that embeds the daemon may stand still as it likes.
        ...(!isEmbedded && { onWorker: watchWhileServing(file) }),
      })
    },
    openKept: ({ workers }) =>
      openPersistentWorkers({
        ...{
          workers,
          log,
          keyNames: findKeyVariableNames,
          commandOf: formatOtherVersionCommand,
          now: systemClock.now,
        },
        path: getPersistentWorkersPath(environment),
        environment: selectDefinedVariables(createDaemonEnvironment(environment)),
        owner: {
          pid: process.pid,
          startTime: readProcessStartTime(process.pid) ?? '-',
          place: getPidScope(),
          version,
        },
        // No newer daemon takes the place of a daemon that runs inside another program.
        onChange: isEmbedded
          ? () => undefined
          : keepDaemonSuccessorReady({ environment, logPath: file, log }),
      }),
  })
}

/**
 * Returns a function that watches the event loop from the first worker on. Without workers nobody but the callers waits for the daemon,
 * and the thread that watches takes some memory.
 */
function watchWhileServing(path: string): (config: UserConfig) => void {
  return once((config: UserConfig) => {
    watchEventLoop({ limitMs: config.daemon.blockedSeconds * 1000, logPath: path })
  })
}

/** Logs an uncaught error and exits; the watchdog then ends the agents' processes. */
function logCrashes(log: DaemonLog): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
      log(`daemon ${process.pid} crashed: ${text}`)
      endProcess(exitCode.failed)
    })
  }
}

/**
 * The hash of the bundled program on disk, which an update replaces; `gone` if the file is missing. The content is hashed, because
 * packages are unpacked with the same time for all files. One file is enough, because it contains the hashes of the others.
 */
function programStamp(): string {
  try {
    const text = readFileSync(join(dirname(cliScriptPath), '..', 'dist', 'main.cjs'))
    return createHash('sha256').update(text).digest('hex')
  } catch {
    return 'gone'
  }
}
