import { foldersAround } from '@subagent-mcp/driver-kit'
import { realpathSync } from 'node:fs'

/**
 * What keeps Codex from trusting a project: the folder that a session works in and all around it, in the words of its
 * config. By itself it notes down a folder as trusted, for good, in which it may write unasked; and from one that is
 * trusted it takes MCP servers, rules that let commands pass, and settings (0.169). Instructions it takes from all.
 */
export function untrustedFolders(cwd: string): Readonly<Record<string, object>> {
  const folders = [...foldersAround(cwd), ...foldersAround(realPath(cwd))]
  return Object.fromEntries(folders.map((folder) => [folder, { trust_level: 'untrusted' }]))
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    // It is not there, or not to be seen: Codex says so.
    return path
  }
}
