import { placesOf, type SearchFolders } from '@subagent-mcp/definitions'
import { projectOf } from '@subagent-mcp/driver-kit'
import { resolveFolder } from '@subagent-mcp/runtime'
import type { Terminal } from '../terminal/terminal.js'

/** A project and the folders of its agent definitions. */
export type AgentFiles = { project: string; places: SearchFolders }

/** The project around a folder, and the folders of its agent definitions. @throws SubagentError `cwd-missing` */
export function definitionFoldersOf(
  { cwd }: { cwd?: string },
  terminal: Pick<Terminal, 'cwd' | 'environment'>,
): AgentFiles {
  const project = projectOf(resolveFolder(cwd, terminal.cwd))
  return { project, places: placesOf(project, terminal.environment) }
}
