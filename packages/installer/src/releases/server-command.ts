import type { Wiring } from '@subagent-mcp/installer'
import { ownScript } from '../own-script.js'
import { installedHow } from './installed-how.js'
import { version } from '../version.js'
import { lastingNode, lastingScript } from './lasting-path.js'
import { isFromRegistry } from './registry-evidence.js'

/** The running program, from which the command follows: Node, the script, the version, the system and PATH. */
export type Running = {
  node: string
  script: string
  version: string
  platform: NodeJS.Platform
  path: string | undefined
}

/** The program of this process. */
export const running: Running = {
  node: process.execPath,
  script: ownScript,
  version,
  platform: process.platform,
  path: process.env['PATH'],
}

/**
 * How hosts start this program: Node and the script with absolute paths, because hosts have another PATH than shells. For a
 * script in a place that may vanish (the cache of npx, a project's dependency) it is the package with its version, if the
 * package came from a registry.
 */
export function serverCommand(from: Running = running): Wiring['server'] {
  return isFleeting(from.script) && isFromRegistry(from) ? pinnedPackage(from) : pathCommand(from)
}

/**
 * How hosts start this program by files of a project, which all its developers share: the package with its version. A
 * package that did not come from a registry has the paths of this machine, because its name could be another program's.
 */
export function projectCommand(from: Running = running): Wiring['server'] {
  return isFromRegistry(from) ? pinnedPackage(from) : pathCommand(from)
}

function pathCommand({ node, script, path }: Running): Wiring['server'] {
  return { command: lastingNode(node, path), args: [lastingScript(script)] }
}

/** How hosts start this program by files of a scope. */
export function commandFor(scope: Wiring['scope'], from: Running = running): Wiring['server'] {
  return scope === 'project' ? projectCommand(from) : serverCommand(from)
}

/** Whether a script is in a place that may vanish, such as the cache of npx. */
export function isFleeting(script: string): boolean {
  const { type } = installedHow({ called: script, real: script })
  return type === 'npx' || (type === 'other' && /[\\/]node_modules[\\/]/.test(script))
}

/** The command that fetches and runs the package of this version. */
export function pinnedPackage({ version, platform }: Running = running): Wiring['server'] {
  const npx = ['npx', '-y', `subagent-mcp@${version}`] as const
  // On Windows npx is a batch file, which not every host can start.
  return platform === 'win32'
    ? { command: 'cmd', args: ['/c', ...npx] }
    : { command: npx[0], args: npx.slice(1) }
}
