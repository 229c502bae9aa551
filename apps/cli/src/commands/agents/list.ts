import type { Driver } from '@subagent-mcp/contract'
import { listDefinitions, type ListedDefinition } from '@subagent-mcp/definitions'
import { agentFiles, type AgentFiles } from '../../agents/agent-files.js'
import { checkListed } from '@subagent-mcp/runtime'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { jsonFlag } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { readConfig } from '../../settings/config.js'
import { userTrust } from '../../settings/runtime-settings.js'
import { definitionRemarks, renderDefinitions } from '../../terminal/definition-table.js'
import { shortPath } from '../../terminal/short-path.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { cwdFlag } from '../cwd-flag.js'
import { knownDrivers } from '../known-drivers.js'

/** How `agents list` is called. */
export const agentsListSpec = commandSpec({
  description: 'List the agents that are defined here, broken ones too',
  flags: { cwd: cwdFlag, json: jsonFlag },
})

/** Lists the agents that are defined. */
export const agentsList = defineCommand(agentsListSpec, (args) =>
  withTerminal((terminal) => listAgentFiles(args, terminal, knownDrivers(terminal))),
)

/** Prints them as a table, and what is to be told of them on stderr. */
export async function listAgentFiles(
  args: ArgsOf<typeof agentsListSpec>,
  terminal: Terminal,
  drivers: ReadonlyMap<string, Driver>,
): Promise<number> {
  const { stdout, stderr, home, environment } = terminal
  const files = agentFiles(args, terminal)
  const { places, project } = files
  const trust = userTrust(readConfig(environment), environment)
  const rules = { ...trust, drivers, environment, project }
  const listed = listDefinitions(places, project).map((one) => checkListed(one, rules))
  if (args.json) {
    await stdout.print(`${JSON.stringify(listed.map(definitionData), undefined, 2)}\n`)
    return exitCode.done
  }
  const columns = stdout.size()?.columns ?? Infinity
  const lines = renderDefinitions(listed, { columns, paint: stdout.paint, home })
  await stdout.print(lines.map((line) => `${line}\n`).join(''))
  const remarks = listed.length > 0 ? definitionRemarks(listed) : [emptyText(files, home)]
  for (const line of remarks) await stderr.print(`${stderr.paint('dim', line)}\n`)
  return exitCode.done
}

function emptyText({ places }: AgentFiles, home: string): string {
  const folders = places.agents.map(({ path }) => shortPath(path, home))
  return `no agent is defined in ${folders.join(', ')}; make one: subagent-mcp agents new <name>`
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
