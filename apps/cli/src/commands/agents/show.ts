import { userTrust } from '../../settings/runtime-settings.js'
import { definitionProblem, poolSettings, existingFolder } from '@subagent-mcp/runtime'
import type { Driver } from '@subagent-mcp/contract'
import { composePrompt, findDefinition } from '@subagent-mcp/definitions'
import { agentFiles } from '../../agents/agent-files.js'
import { promptWeight } from '../../agents/prompt-weight.js'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { jsonFlag, text } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { localDate } from '../../local-date.js'
import { readConfig } from '../../settings/config.js'
import { definitionLines } from '../../terminal/definition-lines.js'
import { plainText } from '../../terminal/plain-text.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { cwdFlag } from '../cwd-flag.js'
import { knownDrivers } from '../known-drivers.js'

/** How `agents show` is called. */
export const agentsShowSpec = commandSpec({
  description: 'Show the settings of a defined agent, its prompt, and how many tokens that takes',
  words: { name: text('name', 'Name of the agent') },
  flags: { cwd: cwdFlag, json: jsonFlag },
})

/** Shows one agent. */
export const agentsShow = defineCommand(agentsShowSpec, (args) =>
  withTerminal((terminal) => showAgentFile(args, terminal, knownDrivers(terminal))),
)

/** Prints it; the prompt is as it would be sent from here today. @throws SubagentError for what cannot be read */
export async function showAgentFile(
  args: ArgsOf<typeof agentsShowSpec>,
  terminal: Terminal,
  drivers: ReadonlyMap<string, Driver>,
): Promise<number> {
  const { stdout, environment, home } = terminal
  const { places, project } = agentFiles(args, terminal)
  const definition = findDefinition(args.name, places, project)
  const cwd = existingFolder(definition.cwd ?? args.cwd, terminal.cwd)
  const prompt = composePrompt(definition, { cwd, date: localDate(terminal.now()) })
  const weight = promptWeight(definition, prompt)
  const config = readConfig(environment)
  const pool = poolSettings(definition, config.pool)
  const problem = definitionProblem(definition, {
    ...userTrust(config, environment),
    ...{ drivers, environment, project },
  })
  if (args.json) {
    const { lines: _, ...said } = definition
    const { message, hint } = problem ?? {}
    const data = { ...said, pool, prompt, weight, ...(problem && { problem: message, hint }) }
    await stdout.print(`${JSON.stringify(data, undefined, 2)}\n`)
    return exitCode.done
  }
  const lines = definitionLines(definition, { pool, weight, home, problem })
  await stdout.print(`${lines.join('\n')}\n\n${plainText(prompt).trimEnd()}\n`)
  return exitCode.done
}
