import type { Wiring } from '@subagent-mcp/installer'
import { ownScript } from '../own-script.js'
import { installedHow } from './installed-how.js'
import { version } from '../version.js'
import { lastingNode, lastingScript } from './lasting-path.js'
import { isFromRegistry } from './registry-evidence.js'

/** From what the command is reckoned: the node and the script that run, the version, and where programs are. */
export type Running = {
  node: string
  script: string
  version: string
  platform: NodeJS.Platform
  path: string | undefined
}

/** This very process. */
export const running: Running = {
  node: process.execPath,
  script: ownScript,
  version,
  platform: process.platform,
  path: process.env['PATH'],
}

/**
 * How hosts start us: node and the script with their whole paths, for hosts have other PATHs than shells. What goes any
 * day (the cache of `npx`, a project's dependency) is not named where a registry has the package: there the pinned
 * package.
 */
export function serverCommand(from: Running = running): Wiring['server'] {
  return isFleeting(from.script) && isFromRegistry(from) ? pinnedPackage(from) : pathCommand(from)
}

/**
 * How hosts start us by a project's files, which are for everybody who works on it: the pinned package. Where no registry
 * is known to have it, the path of this machine, because the name alone could start the program of somebody else.
 */
export function projectCommand(from: Running = running): Wiring['server'] {
  return isFromRegistry(from) ? pinnedPackage(from) : pathCommand(from)
}

function pathCommand({ node, script, path }: Running): Wiring['server'] {
  return { command: lastingNode(node, path), args: [lastingScript(script)] }
}

/** How hosts start us by files of a scope. */
export function commandFor(scope: Wiring['scope'], from: Running = running): Wiring['server'] {
  return scope === 'project' ? projectCommand(from) : serverCommand(from)
}

/** Whether a script is in a place that goes any day, such as the cache of npx. */
export function isFleeting(script: string): boolean {
  const { type } = installedHow({ called: script, real: script })
  return type === 'npx' || (type === 'other' && /[\\/]node_modules[\\/]/.test(script))
}

/** The package of this version, wherever it is fetched to. */
export function pinnedPackage({ version, platform }: Running = running): Wiring['server'] {
  const npx = ['npx', '-y', `subagent-mcp@${version}`] as const
  // npx is a batch file there, which not every host can start.
  return platform === 'win32'
    ? { command: 'cmd', args: ['/c', ...npx] }
    : { command: npx[0], args: npx.slice(1) }
}
