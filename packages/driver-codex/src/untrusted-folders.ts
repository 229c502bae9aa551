import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * What keeps Codex from trusting a project: the folder that a session works in and all around it, in the words of its
 * config. By itself it notes down a folder as trusted, for good, in which it may write unasked; and from one that is
 * trusted it takes MCP servers, rules that let commands pass, and settings (0.169). Instructions it takes from all.
 */
export function untrustedFolders(cwd: string): Readonly<Record<string, object>> {
  const folders = [...foldersAround(cwd), ...foldersAround(realPath(cwd))]
  return Object.fromEntries(folders.map((folder) => [folder, { trust_level: 'untrusted' }]))
}

/** A folder and those around it, the nearest first. */
export function foldersAround(folder: string): readonly string[] {
  const parent = dirname(folder)
  return [folder, ...(parent === folder ? [] : foldersAround(parent))]
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    // It is not there, or not to be seen: Codex says so.
    return path
  }
}
