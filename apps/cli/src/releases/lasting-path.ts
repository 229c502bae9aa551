import { realpathSync } from 'node:fs'
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path'

/**
 * Where PATH has this same node, unless it is there by this very path: behind links the path may name a release, and end
 * with it (Homebrew, Nix).
 */
export function lastingNode(node: string, path = ''): string {
  const folders = lastingFolders(path)
  if (folders.includes(dirname(node))) return node
  return folders.map((folder) => join(folder, basename(node))).find(isSame(node)) ?? node
}

/** pnpm keeps each release in a folder of its own, and a link to the current one beside them. */
export function lastingScript(script: string): string {
  const link = script.replace(
    /([\\/])\.pnpm[\\/]subagent-mcp@[^\\/]+[\\/]node_modules[\\/]/,
    '$1node_modules$1',
  )
  return isSame(script)(link) ? link : script
}

/** The folders of a PATH that hold for any shell, in any folder. */
export function lastingFolders(path: string): string[] {
  return path.split(delimiter).filter((folder) => isAbsolute(folder) && !isOfOneShell(folder))
}

/** fnm makes such a folder for each shell. */
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
