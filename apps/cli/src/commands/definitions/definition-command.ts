import type { Driver } from '@subagent-mcp/contract'
import { type SearchFolders, searchFoldersOf } from '@subagent-mcp/definitions'
import { type DefinitionRules, resolveFolder } from '@subagent-mcp/runtime'
import { projectRootOf } from '@subagent-mcp/driver-kit'
import type { Args, CommandSpec, NoArgs, ArgSchemas } from '../../command/command-spec.js'
import { defineCommand, type CliCommand } from '../../command/define-command.js'
import { knownDrivers } from '../../drivers.js'
import { readConfig, type UserConfig } from '../../settings/config.js'
import { configuredDefinitionTrust } from '../../settings/runtime-settings.js'
import { runOnTerminal } from '../../terminal/open-terminal.js'
import type { Terminal } from '../../terminal/terminal.js'

/** The context of commands about definitions: the terminal, and the drivers that limit which settings are possible. */
export type DefinitionContext = { terminal: Terminal; drivers: ReadonlyMap<string, Driver> }

/** Creates a command about agent definitions. It needs no daemon. */
export function definitionCommand<Flags extends ArgSchemas = NoArgs, Words extends ArgSchemas = NoArgs>(
  spec: CommandSpec<Flags, Words>,
  run: (args: Args<Flags, Words>, context: DefinitionContext) => Promise<number>,
): CliCommand<DefinitionContext> {
  return defineCommand(spec, run, (use) =>
    runOnTerminal(async (terminal) => use({ terminal, drivers: knownDrivers(terminal.environment) })),
  )
}

/** A project, the folders of its agent definitions, the rules by which definitions are checked, and the configuration. */
export type DefinitionCommandProject = {
  project: string
  places: SearchFolders
  rules: DefinitionRules
  config: UserConfig
}

/** Reads the configuration, and finds the project of a folder. @throws SubagentError */
export function definitionProject(
  args: { cwd?: string },
  { terminal, drivers }: DefinitionContext,
): DefinitionCommandProject {
  const { environment } = terminal
  const { project, places } = definitionFoldersOf(args, terminal)
  const config = readConfig(environment)
  const rules = { ...configuredDefinitionTrust(config, environment), drivers, environment, project }
  return { project, places, rules, config }
}

export type ProjectDefinitionFolders = { project: string; places: SearchFolders }

/** The project around a folder, and the folders of its agent definitions. @throws SubagentError `cwd-missing` */
export function definitionFoldersOf(
  { cwd }: { cwd?: string },
  terminal: Pick<Terminal, 'cwd' | 'environment'>,
): ProjectDefinitionFolders {
  const project = projectRootOf(resolveFolder(cwd, terminal.cwd))
  return { project, places: searchFoldersOf(project, terminal.environment) }
}
