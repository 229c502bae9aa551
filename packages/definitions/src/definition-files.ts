import { isMissingFileError } from '@subagent-mcp/contract'
import { readdirSync, realpathSync } from 'node:fs'
import { join, parse } from 'node:path'
import { createUnreadableDefinitionError } from './reading/definition-path-exists.js'
import { isDocumentFileName } from './definition-name.js'
import type { DefinitionFolder } from './search-folders.js'

/** A file in a folder of definitions. `name` is its name without `.md`. */
export type DefinitionFile = { name: string; path: string; folder: DefinitionFolder }

/** All definition files in these folders, those of the first folder first. */
export function listDefinitionFiles(folders: readonly DefinitionFolder[]): readonly DefinitionFile[] {
  const seen = new Set<string>()
  return folders.flatMap((folder) => {
    const { real, entries } = listFolder(folder.path)
    // Two paths may lead to one folder, as when the project is the user's home.
    if (seen.has(real)) return []
    seen.add(real)
    return entries.filter(isDefinition).map((entry) => ({
      name: parse(entry).name,
      path: join(folder.path, entry),
      folder,
    }))
  })
}

function listFolder(path: string): { real: string; entries: readonly string[] } {
  try {
    return { real: realpathSync(path), entries: readdirSync(path).sort() }
  } catch (cause) {
    if (isMissingFileError(cause)) return { real: path, entries: [] }
    throw createUnreadableDefinitionError(path, cause)
  }
}

/** Whether a file is a definition. A leading `_` or `.` disables it. */
function isDefinition(entry: string): boolean {
  return entry.endsWith('.md') && !/^[._]/.test(entry) && !isDocumentFileName(parse(entry).name)
}
