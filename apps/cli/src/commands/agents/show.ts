import type { Driver } from '@subagent-mcp/contract'
import { composePrompt, findDefinition } from '@subagent-mcp/definitions'
import { defineCommand } from 'citty'
import { agentFiles } from '../../agents/agent-files.js'
import { readConfig } from '../../settings/config.js'
import { definitionProblem } from '../../agents/check-definition.js'
import { poolSettings } from '../../agents/pool-settings.js'
import { exitCode } from '../../exit.js'
import { existingFolder } from '../../settings/folders.js'
import { localDate } from '../../local-date.js'
import { promptWeight } from '../../agents/prompt-weight.js'
import { definitionLines } from '../../terminal/definition-lines.js'
import { plainText } from '../../terminal/plain-text.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { agentsFlags, readShowOrder, type AgentOrder } from './agents-order.js'
import { knownDrivers } from '../known-drivers.js'

/** Shows one agent. */
export const agentsShow = defineCommand({
  meta: { name: 'show', description: 'Show what an agent is made of, its prompt and what that weighs' },
  args: {
    name: { type: 'positional', required: true, description: 'The agent' },
    ...agentsFlags,
  },
  run: async ({ rawArgs }) => {
    const order = readShowOrder(rawArgs)
    await withTerminal((terminal) => showAgentFile(order, terminal, knownDrivers(terminal)))
  },
})

/** Prints it; the prompt is as it would be sent from here today. @throws SubagentError for what cannot be read */
export async function showAgentFile(
  order: AgentOrder,
  terminal: Terminal,
  drivers: ReadonlyMap<string, Driver>,
): Promise<number> {
  const { stdout, environment, home } = terminal
  const { places, project } = agentFiles(order, terminal)
  const definition = findDefinition(order.name, places, project)
  const cwd = existingFolder(definition.cwd ?? order.cwd, terminal.cwd)
  const prompt = composePrompt(definition, { cwd, date: localDate(terminal.now()) })
  const weight = promptWeight(definition, prompt)
  const config = readConfig(environment)
  const pool = poolSettings(definition, config.pool)
  const problem = definitionProblem(definition, { ...config, drivers, environment, project })
  if (order.json) {
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
