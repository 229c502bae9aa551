import { realpathSync } from 'node:fs'
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path'

/**
 * A path of Node that survives updates: the link to it in PATH, because the path behind the link may name a release and
 * vanish with it (Homebrew, Nix). Without a link the path itself.
 */
export function lastingNode(node: string, path = ''): string {
  const folders = lastingFolders(path)
  if (folders.includes(dirname(node))) return node
  return folders.map((folder) => join(folder, basename(node))).find(isSame(node)) ?? node
}

/** A path of the script that survives updates. pnpm has a folder for each release, and a link to the current one. */
export function lastingScript(script: string): string {
  const link = script.replace(
    /([\\/])\.pnpm[\\/]subagent-mcp@[^\\/]+[\\/]node_modules[\\/]/,
    '$1node_modules$1',
  )
  return isSame(script)(link) ? link : script
}

/** The folders of a PATH that are the same in every shell and every folder. */
export function lastingFolders(path: string): string[] {
  return path.split(delimiter).filter((folder) => isAbsolute(folder) && !isOfOneShell(folder))
}

/** fnm creates such a folder for each shell. */
function isOfOneShell(folder: string): boolean {
  return folder.includes('fnm_multishells')
}

function isSame(path: string): (other: string) => boolean {
  const real = realPath(path)
  return (other) => real !== undefined && realPath(other) === real
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined // PATH names many places that are not there
  }
}
