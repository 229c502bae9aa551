import { SubagentError } from '@subagent-mcp/contract'
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { connectSocket } from '@subagent-mcp/client'
import { socketPath } from '../daemon/run-folder.js'
import { ownScript } from '../own-script.js'
import { version } from '../version.js'

/**
 * Connects to the daemon of the release that is installed now, which may have taken the place of ours; `undefined` when
 * none answers. Another installation's daemon is left alone.
 */
export async function findDaemonAgain(): Promise<Socket | undefined> {
  try {
    return await connectSocket(socketPath(process.env, installedVersion()))
  } catch {
    return undefined // It may not be opened now, and may be later.
  }
}

/**
 * Has the release that is installed now start its daemon. By its own command: what is on the disk may no longer fit
 * what is loaded here. @throws SubagentError `daemon-failed` with its words
 */
export async function startDaemonAgain(): Promise<void> {
  const { execFile } = await import('node:child_process')
  await new Promise<void>((resolve, reject) => {
    const words = [ownScript, 'daemon', 'start']
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
    // It is being replaced, or is gone: ours is as good a guess as any.
  }
  return version
}
