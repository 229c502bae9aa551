import type { Driver } from '@subagent-mcp/contract'
import { findDefinition, listDefinitions, type ListedDefinition } from '@subagent-mcp/definitions'
import { defineCommand } from 'citty'
import { agentFiles, type AgentFiles } from '../../agents/agent-files.js'
import { readConfig } from '../../settings/config.js'
import { exitCode } from '../../exit.js'
import { lintDefinition, type Finding } from '../../agents/lint-definition.js'
import { plural } from '../../terminal/amounts.js'
import type { Paint } from '../../terminal/paint.js'
import { plainText } from '../../terminal/plain-text.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { agentsFlags, readLintOrder, type LintOrder } from './agents-order.js'
import { knownDrivers } from '../known-drivers.js'

/** Checks the files of agents. */
export const agentsLint = defineCommand({
  meta: { name: 'lint', description: 'Check the files of agents: what is wrong, where, and what to do' },
  args: {
    name: { type: 'positional', required: false, description: 'An agent; all without it' },
    ...agentsFlags,
  },
  run: async ({ rawArgs }) => {
    const order = readLintOrder(rawArgs)
    await withTerminal((terminal) => lintAgentFiles(order, terminal, knownDrivers(terminal)))
  },
})

/** Prints what is wrong with them, and what is worth a look; fails for the first alone. */
export async function lintAgentFiles(
  order: LintOrder,
  terminal: Terminal,
  drivers: ReadonlyMap<string, Driver>,
): Promise<number> {
  const { stdout, stderr, environment } = terminal
  const { bypassPermissions, definitionVariables, ceiling } = readConfig(environment)
  const files = agentFiles(order, terminal)
  const listed = definitionsOf(order, files)
  const rules = {
    drivers,
    bypassPermissions,
    definitionVariables,
    ceiling,
    environment,
    project: files.project,
  }
  const findings = listed.flatMap((one) => lintDefinition(one, rules))
  const broken = findings.filter(({ type }) => type === 'problem').length
  if (order.json) await stdout.print(`${JSON.stringify(findings, undefined, 2)}\n`)
  else {
    await stdout.print(findings.map((finding) => findingText(finding, stdout.paint)).join(''))
    const warnings = plural(findings.length - broken, 'warning')
    await stderr.print(`${plural(listed.length, 'agent')}, ${broken} broken, ${warnings}\n`)
  }
  return broken > 0 ? exitCode.failed : exitCode.done
}

/** @throws SubagentError `unknown-definition` for a name that nobody has */
function definitionsOf({ name }: LintOrder, { places, project }: AgentFiles): readonly ListedDefinition[] {
  const all = listDefinitions(places, project)
  if (name === undefined) return all
  const named = all.filter((one) => (one.type === 'valid' ? one.definition.name : one.name) === name)
  return named.length > 0 ? named : [{ type: 'valid', definition: findDefinition(name, places, project) }]
}

function findingText({ type, text, hint }: Finding, paint: Paint): string {
  const head = type === 'problem' ? plainText(text) : `${plainText(text)} ${paint('dim', '(warning)')}`
  return hint === undefined ? `${head}\n` : `${head}\n  ${plainText(hint)}\n`
}
