import { searchFoldersOf, type SearchFolders } from '@subagent-mcp/definitions'
import { projectRootOf } from '@subagent-mcp/driver-kit'
import { resolveFolder } from '@subagent-mcp/runtime'
import type { Terminal } from '../terminal/terminal.js'

export type ProjectDefinitionFolders = { project: string; places: SearchFolders }

/** The project around a folder, and the folders of its agent definitions. @throws SubagentError `cwd-missing` */
export function definitionFoldersOf(
  { cwd }: { cwd?: string },
  terminal: Pick<Terminal, 'cwd' | 'environment'>,
): ProjectDefinitionFolders {
  const project = projectRootOf(resolveFolder(cwd, terminal.cwd))
  return { project, places: searchFoldersOf(project, terminal.environment) }
}
