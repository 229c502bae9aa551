import { SubagentError } from '@subagent-mcp/contract'
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { connectLocalSocket } from '@subagent-mcp/client'
import { getDaemonSocketPath } from '../daemon/daemon-paths.js'
import { cliScriptPath } from '../cli-script-path.js'
import { version } from '../version.js'

/**
 * Connects to the daemon of the installed release, which may be newer than this process; undefined when none answers. Daemons
 * of other installations are not used.
 */
export async function findInstalledDaemon(): Promise<Socket | undefined> {
  try {
    return await connectLocalSocket(getDaemonSocketPath(process.env, installedVersion()))
  } catch {
    return undefined // The socket cannot be opened now; the caller tries again.
  }
}

/**
 * Starts the daemon of the installed release by its own command, because the files on the disk may be newer than the loaded
 * code. @throws SubagentError `daemon-failed` with the output of the command
 */
export async function startInstalledDaemon(): Promise<void> {
  const { execFile } = await import('node:child_process')
  await new Promise<void>((resolve, reject) => {
    const words = [cliScriptPath, 'daemon', 'start']
    execFile(process.execPath, words, { windowsHide: true }, (cause, _, stderr) => {
      if (cause === null) resolve()
      else reject(new SubagentError('daemon-failed', stderr.trim() || cause.message, { cause }))
    })
  })
}

function installedVersion(): string {
  try {
    const found: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
    if (typeof found === 'object' && found !== null && 'version' in found) return String(found.version)
  } catch {
    // The file is being replaced or is gone, so the version of this process is used.
  }
  return version
}
