import { listDefinitions, type ListedDefinition, type SearchFolders } from '@subagent-mcp/definitions'
import { markInvalidDefinition } from '@subagent-mcp/runtime'
import { cwdFlag, jsonFlag } from '../../command/arg-schemas.js'
import { formatShortPath } from '../../terminal/format.js'
import { printJson, printRemarks, printLines } from '../../terminal/print.js'
import { formatTableLines, type TableLayout } from '../../terminal/table.js'
import { cutSafeLine, escapeForTerminal } from '../../terminal/text.js'
import { exitCode } from '../../exit.js'
import { readDefinitionProject } from './definition-project.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'

export const agentsListCommand = defineTerminalCommand(
  {
    description: 'List agents with their own prompt and model: built in, or defined in files of yours',
    examples: ['agents', 'agents list --cwd ../app --json'],
    flags: { cwd: cwdFlag, json: jsonFlag },
  },
  async ({ json, ...where }, terminal) => {
    const { project, places, rules } = readDefinitionProject(where, terminal)
    const listed = listDefinitions(places, project).map((one) => markInvalidDefinition(one, rules))
    if (json) return printJson(terminal, listed.map(definitionData))
    await printLines(
      terminal.stdout,
      formatTableLines(listed, definitionTable(terminal.home), terminal.stdout),
    )
    await printRemarks(
      terminal,
      listed.every(isBuiltIn) ? [onlyBuiltIn(places, terminal.home)] : listed.flatMap(remarksOn),
    )
    return exitCode.done
  },
)

function isBuiltIn(listed: ListedDefinition): boolean {
  return listed.type === 'valid' && listed.definition.builtIn === true
}

function onlyBuiltIn({ agents }: SearchFolders, home: string): string {
  const folders = agents.flatMap(({ path, builtIn }) => (builtIn ? [] : [formatShortPath(path, home)]))
  return (
    'these are built in; add or replace one: subagent-mcp agents new <name> ' +
    `(none of your own is in ${folders.join(', ')})`
  )
}

function definitionTable(home: string): TableLayout<ListedDefinition> {
  const ofValid =
    (text: (definition: ValidDefinition) => string) =>
    (listed: ListedDefinition): string =>
      listed.type === 'valid' ? cutSafeLine(text(listed.definition), longest) : '-'
  const fileOf = (listed: ListedDefinition): string =>
    isBuiltIn(listed)
      ? 'built in'
      : formatShortPath(listed.type === 'valid' ? listed.definition.path : listed.path, home)
  return {
    columns: [
      ['NAME', (listed) => cutSafeLine(definitionData(listed).name, longest), 'bold'],
      ['PROVIDER', ofValid(({ provider }) => provider)],
      ['MODEL', ofValid(({ model = 'default', effort }) => (effort ? `${model} ${effort}` : model))],
      ['FILE', (listed) => cutSafeLine(fileOf(listed), longest)],
      ['DESCRIPTION', descriptionOf, ({ type }) => (type === 'valid' ? 'plain' : 'red')],
    ],
    dropFirst: ['FILE', 'MODEL', 'PROVIDER'],
  }
}

type ValidDefinition = Extract<ListedDefinition, { type: 'valid' }>['definition']

function descriptionOf(listed: ListedDefinition): string {
  return cutSafeLine(listed.type === 'valid' ? listed.definition.description : listed.error.message, longest)
}

/** The most characters of a table cell; a narrow terminal shows fewer. */
const longest = 200

/** Describes the problem of an invalid definition; of a valid one, its notes and the keys that are ignored. */
function remarksOn(listed: ListedDefinition): string[] {
  if (listed.type === 'invalid') {
    const { message, hint = 'correct the file' } = listed.error
    return [escapeForTerminal(`${message} (${hint})`)]
  }
  const { name, notes, unknownKeys } = listed.definition
  const ignored = unknownKeys.length > 0 ? [`these keys are ignored: ${unknownKeys.join(', ')}`] : []
  return [...notes, ...ignored].map((note) => escapeForTerminal(`${name}: ${note}`))
}

function definitionData(listed: ListedDefinition) {
  if (listed.type === 'invalid') {
    const { name, path, error } = listed
    return { name, path, problem: error.message, hint: error.hint }
  }
  const { name, description, provider, model, effort, path, builtIn } = listed.definition
  const { permissions, deny, ask, unknownKeys, notes } = listed.definition
  return {
    ...{ name, description, provider, model, effort, path, builtIn },
    ...{ permissions, deny, ask, unknownKeys, notes },
  }
}
