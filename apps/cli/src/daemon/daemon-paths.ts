import { SubagentError } from '@subagent-mcp/contract'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { getStateFolderPath } from '../settings/state-folder.js'

/** Returns the folder of the sockets of running daemons. Each version of the daemon has its own socket. */
export function getDaemonSocketsFolder(environment: NodeJS.ProcessEnv): string {
  return join(getStateFolderPath(environment), 'run')
}

/**
 * Returns the path of the daemon's socket. It contains the version, so that an upgraded CLI never talks to an old daemon.
 * @throws SubagentError when it is longer than the system allows
 */
export function getDaemonSocketPath(
  environment: NodeJS.ProcessEnv,
  version: string,
  platform: NodeJS.Platform = process.platform,
): string {
  const path =
    platform === 'win32'
      ? pipeName(environment, version)
      : join(getDaemonSocketsFolder(environment), `daemon-${version}.sock`)
  const length = Buffer.byteLength(path)
  const longest = longestPath(platform)
  if (length <= longest) return path
  const message = `the socket's path is ${length} bytes long, and ${platform} allows ${longest}: ${path}`
  throw new SubagentError('io-failed', message, {
    hint: 'set SUBAGENT_MCP_HOME to a folder with a shorter path',
  })
}

/** Returns the paths of the sockets of daemons of all versions, running or not; on Windows of this version alone, because its pipes are in no folder. */
export function listDaemonSocketPaths(environment: NodeJS.ProcessEnv, version: string): readonly string[] {
  if (process.platform === 'win32') return [getDaemonSocketPath(environment, version)]
  const folder = getDaemonSocketsFolder(environment)
  try {
    const names = readdirSync(folder).filter((name) => /^daemon-.*\.sock$/.test(name))
    return names.map((name) => join(folder, name))
  } catch {
    return [] // No daemon ever ran here.
  }
}

/** The lock file that lets one of several shims start the daemon. */
export function getDaemonStartLockPath(environment: NodeJS.ProcessEnv, version: string): string {
  return join(getDaemonSocketsFolder(environment), `daemon-${version}.start`)
}

export function getDaemonLogPath(environment: NodeJS.ProcessEnv, version: string): string {
  return join(getStateFolderPath(environment), `daemon-${version}.log`)
}

/** Returns the daemon's named pipe, with the path of the state folder in its name: all pipes of a machine share one folder. */
function pipeName(environment: NodeJS.ProcessEnv, version: string): string {
  const folder = getStateFolderPath(environment, 'win32').toLowerCase()
  return `\\\\.\\pipe\\subagent-mcp-${folder.replaceAll(/[\\/:]/g, '-')}-${version}`
}

/** Returns the largest length of a socket's path in bytes. Some kernels cut longer paths without an error. */
function longestPath(platform: NodeJS.Platform): number {
  if (platform === 'win32') return 256
  return platform === 'linux' ? 107 : 103
}
