import { basename, delimiter, dirname, isAbsolute, join } from 'node:path'
import { isSameFile } from '../file/read-text.js'
import type { HostSetup } from '../hosts/host.js'
import { isInstalledFromRegistry, isTemporaryScriptPlace } from './installation.js'

/** The running program: Node, the script, its version, the system and PATH. */
export type RunningProgram = {
  node: string
  script: string
  version: string
  platform: NodeJS.Platform
  path: string | undefined
}

/**
 * How hosts start this program: Node and the script with absolute paths, because hosts have another PATH than shells. For a
 * script in a place that may vanish it is the package with its version, if the package came from a registry.
 */
export function createServerCommandForHosts(program: RunningProgram): HostSetup['server'] {
  return isTemporaryScriptPlace(program.script) && isInstalledFromRegistry(program)
    ? createNpxPackageCommand(program)
    : pathCommand(program)
}

/**
 * How hosts start this program by files of a project, which all its developers share: the package with its version. A
 * package that did not come from a registry has the paths of this machine, because its name could be another program's.
 */
export function createProjectServerCommand(program: RunningProgram): HostSetup['server'] {
  return isInstalledFromRegistry(program) ? createNpxPackageCommand(program) : pathCommand(program)
}

export function createNpxPackageCommand({
  version,
  platform,
}: Pick<RunningProgram, 'version' | 'platform'>): HostSetup['server'] {
  const npx = ['npx', '-y', `subagent-mcp@${version}`] as const
  // On Windows npx is a batch file, which not every host can start.
  return platform === 'win32'
    ? { command: 'cmd', args: ['/c', ...npx] }
    : { command: npx[0], args: npx.slice(1) }
}

/** The folders of a PATH that exist in every shell and do not depend on the current folder. */
export function listLastingPathFolders(path: string): string[] {
  // fnm creates a folder for each shell.
  return path.split(delimiter).filter((folder) => isAbsolute(folder) && !folder.includes('fnm_multishells'))
}

function pathCommand({ node, script, path }: RunningProgram): HostSetup['server'] {
  return { command: lastingNode(node, path), args: [lastingScript(script)] }
}

/**
 * A path of Node that survives updates: the link to it in PATH, because the path behind the link may name a release and
 * vanish with it (Homebrew, Nix). Without a link the path itself.
 */
function lastingNode(node: string, path = ''): string {
  const folders = listLastingPathFolders(path)
  if (folders.includes(dirname(node))) return node
  return folders.map((folder) => join(folder, basename(node))).find((path) => isSameFile(path, node)) ?? node
}

/** A path of the script that survives updates. pnpm has a folder for each release, and a link to the current one. */
function lastingScript(script: string): string {
  const link = script.replace(
    /([\\/])\.pnpm[\\/]subagent-mcp@[^\\/]+[\\/]node_modules[\\/]/,
    '$1node_modules$1',
  )
  return isSameFile(script, link) ? link : script
}
