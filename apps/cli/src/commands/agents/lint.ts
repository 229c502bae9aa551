import { userTrust } from '../../settings/runtime-settings.js'
import type { Driver } from '@subagent-mcp/contract'
import { findDefinition, listDefinitions, type ListedDefinition } from '@subagent-mcp/definitions'
import { agentFiles, type AgentFiles } from '../../agents/agent-files.js'
import { type LintFinding, lintDefinition } from '../../agents/lint-definition.js'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { jsonFlag, text } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { readConfig } from '../../settings/config.js'
import { plural } from '../../terminal/amounts.js'
import type { Paint } from '../../terminal/paint.js'
import { plainText } from '../../terminal/plain-text.js'
import type { Terminal } from '../../terminal/terminal.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { cwdFlag } from '../cwd-flag.js'
import { knownDrivers } from '../known-drivers.js'

/** How `agents lint` is called. */
export const agentsLintSpec = commandSpec({
  description: 'Check the files of agents: print what is wrong, where, and how to correct it',
  details: ['Exits 1 if a file has a problem, 0 if there are only warnings.'],
  words: { name: text('name', 'Name of the agent (default: all)').exactOptional() },
  flags: { cwd: cwdFlag, json: jsonFlag },
})

/** Checks the files of agents. */
export const agentsLint = defineCommand(agentsLintSpec, (args) =>
  withTerminal((terminal) => lintAgentFiles(args, terminal, knownDrivers(terminal))),
)

type LintArgs = ArgsOf<typeof agentsLintSpec>

/** Prints problems and warnings; only problems make the command fail. */
export async function lintAgentFiles(
  args: LintArgs,
  terminal: Terminal,
  drivers: ReadonlyMap<string, Driver>,
): Promise<number> {
  const { stdout, stderr, environment } = terminal
  const files = agentFiles(args, terminal)
  const listed = definitionsOf(args, files)
  const trust = userTrust(readConfig(environment), environment)
  const rules = { ...trust, drivers, environment, project: files.project }
  const findings = listed.flatMap((one) => lintDefinition(one, rules))
  const broken = findings.filter(({ type }) => type === 'problem').length
  if (args.json) await stdout.print(`${JSON.stringify(findings, undefined, 2)}\n`)
  else {
    await stdout.print(findings.map((finding) => findingText(finding, stdout.paint)).join(''))
    const warnings = plural(findings.length - broken, 'warning')
    await stderr.print(`${plural(listed.length, 'agent')}, ${broken} broken, ${warnings}\n`)
  }
  return broken > 0 ? exitCode.failed : exitCode.done
}

/** @throws SubagentError `unknown-definition` for a name that nobody has */
function definitionsOf({ name }: LintArgs, { places, project }: AgentFiles): readonly ListedDefinition[] {
  const all = listDefinitions(places, project)
  if (name === undefined) return all
  const named = all.filter((one) => (one.type === 'valid' ? one.definition.name : one.name) === name)
  return named.length > 0 ? named : [{ type: 'valid', definition: findDefinition(name, places, project) }]
}

function findingText({ type, text, hint }: LintFinding, paint: Paint): string {
  const head = type === 'problem' ? plainText(text) : `${plainText(text)} ${paint('dim', '(warning)')}`
  return hint === undefined ? `${head}\n` : `${head}\n  ${plainText(hint)}\n`
}
