import { type SearchFolders, listSearchFolders } from '@subagent-mcp/definitions'
import { type DefinitionRules, resolveFolder } from '@subagent-mcp/runtime'
import { findProjectRoot } from '@subagent-mcp/driver-kit'
import { createConfiguredDrivers } from '../../drivers.js'
import { readUserConfig, type UserConfig } from '../../settings/config.js'
import { getConfiguredDefinitionTrust } from '../../settings/runtime-settings.js'
import type { Terminal } from '../../terminal/terminal.js'

/** A project, the folders of its agent definitions, the rules by which definitions are checked, and the configuration. */
export type DefinitionCommandProject = {
  project: string
  places: SearchFolders
  rules: DefinitionRules
  config: UserConfig
}

/** Reads the configuration, and finds the project of a folder. @throws SubagentError */
export function readDefinitionProject(
  args: { cwd?: string },
  terminal: Pick<Terminal, 'cwd' | 'environment'>,
): DefinitionCommandProject {
  const { environment } = terminal
  const { project, places } = findDefinitionFolders(args, terminal)
  const config = readUserConfig(environment)
  const drivers = createConfiguredDrivers(environment)
  const rules = { ...getConfiguredDefinitionTrust(config, environment), drivers, environment, project }
  return { project, places, rules, config }
}

export type ProjectDefinitionFolders = { project: string; places: SearchFolders }

/** The project around a folder, and the folders of its agent definitions. @throws SubagentError `cwd-missing` */
export function findDefinitionFolders(
  { cwd }: { cwd?: string },
  terminal: Pick<Terminal, 'cwd' | 'environment'>,
): ProjectDefinitionFolders {
  const project = findProjectRoot(resolveFolder(cwd, terminal.cwd))
  return { project, places: listSearchFolders(project, terminal.environment) }
}
