import { listDefinitions, type ListedDefinition, type AgentFolders } from '@subagent-mcp/definitions'
import { checkListed } from '@subagent-mcp/runtime'
import { cwdFlag, jsonFlag } from '../../command/values.js'
import { shortPath } from '../../terminal/format.js'
import { printRemarks, printResult, printLines } from '../../terminal/print.js'
import { tableLines, type TableLayout } from '../../terminal/table.js'
import { cutLine, safeText } from '../../terminal/text.js'
import { exitCode } from '../../exit.js'
import { definitionCommand, definitionProject } from './definition-command.js'

/** Lists the agents that are defined for a project. */
export const agentsListCommand = definitionCommand(
  {
    description: 'List the agents that are defined here, broken ones too',
    examples: ['agents', 'agents list --cwd ../app --json'],
    flags: { cwd: cwdFlag, json: jsonFlag },
  },
  async ({ json, ...where }, context) => {
    const { terminal } = context
    const { project, places, rules } = definitionProject(where, context)
    const listed = listDefinitions(places, project).map((one) => checkListed(one, rules))
    if (json) return printResult(terminal, true, { text: '', data: listed.map(definitionData) })
    await printLines(terminal.stdout, tableLines(listed, definitionTable(terminal.home), terminal.stdout))
    await printRemarks(
      terminal,
      listed.length > 0 ? listed.flatMap(remarksOn) : [noAgents(places, terminal.home)],
    )
    return exitCode.done
  },
)

function noAgents({ agents }: AgentFolders, home: string): string {
  const folders = agents.map(({ path }) => shortPath(path, home))
  return `no agent is defined in ${folders.join(', ')}; create one: subagent-mcp agents new <name>`
}

function definitionTable(home: string): TableLayout<ListedDefinition> {
  const ofValid =
    (text: (definition: ValidDefinition) => string) =>
    (listed: ListedDefinition): string =>
      listed.type === 'valid' ? cutLine(text(listed.definition), longest) : '-'
  const pathOf = (listed: ListedDefinition): string =>
    listed.type === 'valid' ? listed.definition.path : listed.path
  return {
    columns: [
      ['NAME', (listed) => cutLine(nameOf(listed), longest), 'bold'],
      ['PROVIDER', ofValid(({ provider }) => provider)],
      ['MODEL', ofValid(({ model = 'default', effort }) => (effort ? `${model} ${effort}` : model))],
      ['FILE', (listed) => cutLine(shortPath(pathOf(listed), home), longest)],
      ['DESCRIPTION', descriptionOf, ({ type }) => (type === 'valid' ? 'plain' : 'red')],
    ],
    dropFirst: ['FILE', 'MODEL', 'PROVIDER'],
  }
}

type ValidDefinition = Extract<ListedDefinition, { type: 'valid' }>['definition']

function nameOf(listed: ListedDefinition): string {
  return listed.type === 'valid' ? listed.definition.name : listed.name
}

function descriptionOf(listed: ListedDefinition): string {
  return cutLine(listed.type === 'valid' ? listed.definition.description : listed.error.message, longest)
}

/** The largest length of a cell in characters; the terminal cuts it further. */
const longest = 200

/** Describes the problem of an invalid definition; of a valid one, its notes and the keys that are ignored. */
function remarksOn(listed: ListedDefinition): string[] {
  if (listed.type === 'invalid') {
    const { message, hint = 'correct the file' } = listed.error
    return [safeText(`${message} (${hint})`)]
  }
  const { name, notes, unknownKeys } = listed.definition
  const ignored = unknownKeys.length > 0 ? [`these keys are ignored: ${unknownKeys.join(', ')}`] : []
  return [...notes, ...ignored].map((note) => safeText(`${name}: ${note}`))
}

function definitionData(listed: ListedDefinition): object {
  if (listed.type === 'invalid') {
    const { name, path, error } = listed
    return { name, path, problem: error.message, hint: error.hint }
  }
  const { name, description, provider, model, effort, path, permissions, deny, ask, unknownKeys, notes } =
    listed.definition
  return { name, description, provider, model, effort, path, permissions, deny, ask, unknownKeys, notes }
}
