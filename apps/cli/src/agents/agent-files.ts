import { placesOf, type AgentFolders } from '@subagent-mcp/definitions'
import { projectOf } from '@subagent-mcp/driver-kit'
import { resolveFolder } from '@subagent-mcp/runtime'
import type { Terminal } from '../terminal/terminal.js'

/** A project and the folders of its agent definitions. */
export type ProjectDefinitionFolders = { project: string; places: AgentFolders }

/** The project around a folder, and the folders of its agent definitions. @throws SubagentError `cwd-missing` */
export function definitionFoldersOf(
  { cwd }: { cwd?: string },
  terminal: Pick<Terminal, 'cwd' | 'environment'>,
): ProjectDefinitionFolders {
  const project = projectOf(resolveFolder(cwd, terminal.cwd))
  return { project, places: placesOf(project, terminal.environment) }
}
