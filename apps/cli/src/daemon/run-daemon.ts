import { systemClock } from '@subagent-mcp/contract'
import {
  daemonEnvironment,
  openDaemonLog,
  openFileLog,
  runDaemon,
  type DaemonLog,
  type DaemonEndReason,
} from '@subagent-mcp/daemon'
import { pidScope, startTimeOf } from '@subagent-mcp/driver-kit'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { exitCode, endProcess } from '../exit.js'
import { openFleet } from '../fleet/open-fleet.js'
import { openRuntime } from '../open-runtime.js'
import { ownScript } from '../own-script.js'
import { stateFolderOf } from '../settings/state-folder.js'
import { version } from '../version.js'
import { logPath, daemonSocketPath } from './run-folder.js'

/** `toFile`: logs to the daemon's file, because stderr belongs to a service manager. The others: see `DaemonOptions`. */
type DaemonOptions = { toFile: boolean; stays: boolean; isEmbedded?: boolean }

/** Runs the daemon of this version over the user's files. */
export function runOwnDaemon(
  environment: NodeJS.ProcessEnv,
  { toFile, stays, isEmbedded = false }: DaemonOptions,
): Promise<DaemonEndReason> {
  const file = logPath(environment, version)
  const log = toFile ? openFileLog(file) : openDaemonLog(file)
  const home = stateFolderOf(environment)
  logCrashes(log)
  return runDaemon({
    ...{ version, log, stays, isEmbedded, programStamp },
    socketPath: daemonSocketPath(environment, version),
    tokenPath: join(home, 'token'),
    // Beside the folder of the bundle, where the build copies it.
    pageFolder: join(dirname(ownScript), '..', 'dashboard'),
    openRuntime: () => openRuntime({ kind: 'daemon', environment, version, log }),
    openFleet: () =>
      openFleet({
        ...{ home, log, script: ownScript, clock: systemClock },
        environment: daemonEnvironment(environment),
        owner: { pid: process.pid, startTime: startTimeOf(process.pid) ?? '-', place: pidScope(), version },
      }),
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
    const text = readFileSync(join(dirname(ownScript), '..', 'dist', 'main.js'))
    return createHash('sha256').update(text).digest('hex')
  } catch {
    return 'gone'
  }
}
