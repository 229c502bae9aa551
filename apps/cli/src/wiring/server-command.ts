import type { Wiring } from '@subagent-mcp/installer'
import { ownScript } from '../own-script.js'
import { version } from '../version.js'

/** From what the command is reckoned: the node and the script that run, and the version. */
export type Running = { node: string; script: string; version: string; platform: NodeJS.Platform }

/** This very process. */
export const running: Running = {
  node: process.execPath,
  script: ownScript,
  version,
  platform: process.platform,
}

/**
 * How hosts start us: node and the script with their whole paths, for hosts have other PATHs than shells; out of the
 * cache of `npx` and its like, which may be emptied any day, the pinned package.
 */
export function serverCommand({ node, script, version, platform }: Running = running): Wiring['server'] {
  if (!isCached(script)) return { command: node, args: [script] }
  const npx = ['npx', '-y', `subagent-mcp@${version}`] as const
  // npx is a batch file there, which not every host can start.
  return platform === 'win32'
    ? { command: 'cmd', args: ['/c', ...npx] }
    : { command: npx[0], args: npx.slice(1) }
}

/** Whether a script is in a cache: npm's `_npx`, pnpm's `dlx` and bun's `bunx-0-name@version`. */
export function isCached(script: string): boolean {
  return /[\\/](_npx|dlx(-[^\\/]+)?|bunx-[^\\/]+)[\\/]/.test(script)
}
