import {
  findDefinition,
  listDefinitions,
  type ListedDefinition,
  type AgentDefinition,
} from '@subagent-mcp/definitions'
import type { SubagentError } from '@subagent-mcp/contract'
import { markInvalidDefinition, type DefinitionRules } from '@subagent-mcp/runtime'
import { cwdFlag, jsonFlag, textArgSchema } from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { formatCountWithNoun } from '../../terminal/format.js'
import type { TextPaint } from '../../terminal/paint.js'
import { printJson } from '../../terminal/print.js'
import { escapeForTerminal } from '../../terminal/text.js'
import { readDefinitionProject, type DefinitionCommandProject } from './definition-project.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'

/** Checks the definition files of agents. Only problems make the command fail, warnings do not. */
export const agentsLintCommand = defineTerminalCommand(
  {
    description: 'Check the definition files of agents: print each mistake, its line, and how to correct it',
    details: ['Exits 1 if a file has a problem, 0 if there are only warnings.'],
    examples: ['agents lint', 'agents lint reviewer'],
    words: {
      name: textArgSchema('name', 'Defined agent whose file is checked (default: all)', {
        names: 'definitions',
      }).exactOptional(),
    },
    flags: { cwd: cwdFlag, json: jsonFlag },
  },
  async ({ name, json, ...where }, terminal) => {
    const { stdout, stderr } = terminal
    const project = readDefinitionProject(where, terminal)
    const listed = definitionsNamed(name, project)
    const findings = listed.flatMap((one) => lintDefinition(one, project.rules))
    const broken = findings.filter(({ type }) => type === 'problem').length
    const texts = findings.map((finding) => findingText(finding, stdout.paint))
    const warnings = formatCountWithNoun(findings.length - broken, 'warning')
    if (json) await printJson({ stdout }, findings)
    else {
      await stdout.print(texts.join(''))
      await stderr.print(`${formatCountWithNoun(listed.length, 'agent')}, ${broken} broken, ${warnings}\n`)
    }
    return broken > 0 ? exitCode.failed : exitCode.done
  },
)

/** Returns the definition of an agent by name, or all without a name. @throws SubagentError `unknown-definition` */
function definitionsNamed(
  name: string | undefined,
  { places, project }: DefinitionCommandProject,
): readonly ListedDefinition[] {
  const all = listDefinitions(places, project)
  if (name === undefined) return all
  const named = all.filter((one) => (one.type === 'valid' ? one.definition.name : one.name) === name)
  return named.length > 0 ? named : [{ type: 'valid', definition: findDefinition(name, places, project) }]
}

function findingText({ type, text, hint }: DefinitionLintFinding, paint: TextPaint): string {
  const head =
    type === 'problem' ? escapeForTerminal(text) : `${escapeForTerminal(text)} ${paint('dim', '(warning)')}`
  return hint === undefined ? `${head}\n` : `${head}\n  ${escapeForTerminal(hint)}\n`
}

/** A finding of `agents lint` about a definition file. An agent with a problem cannot run; one with a warning can. */
export type DefinitionLintFinding = {
  type: 'problem' | 'warning'
  agent: string
  /** The finding with its place, as `path:line: message`. */
  text: string
  hint?: string
}

/** Returns the findings of `agents lint` about a definition. All mistakes of one file are one problem. */
export function lintDefinition(
  listed: ListedDefinition,
  rules: DefinitionRules,
): readonly DefinitionLintFinding[] {
  const checked = markInvalidDefinition(listed, rules)
  return [
    ...(checked.type === 'invalid' ? [problem(checked.name, checked.path, checked.error)] : []),
    ...(listed.type === 'valid' ? warnings(listed.definition) : []),
  ]
}

/** Returns the finding for a definition that cannot be read. Each mistake in its files is on a line of its own. */
function problem(agent: string, path: string, { message, hint }: SubagentError): DefinitionLintFinding {
  const text = message.replaceAll(`; ${path}:`, `\n${path}:`)
  return { type: 'problem', agent, text, ...(hint !== undefined && { hint }) }
}

function warnings(definition: AgentDefinition): DefinitionLintFinding[] {
  return [
    ...definition.notes.map((note) => warning(definition, note)),
    ...definition.unknownKeys.map((key) => warning(definition, `${key}: nothing is done with it`, key)),
  ]
}

function warning({ name, path, lines }: AgentDefinition, text: string, key = ''): DefinitionLintFinding {
  return { type: 'warning', agent: name, text: `${path}:${lines[key] ?? 1}: ${text}` }
}
