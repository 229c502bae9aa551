import type { LintFinding } from '../../agents/lint-definition.js'
import { findDefinition, listDefinitions, type ListedDefinition } from '@subagent-mcp/definitions'
import { lintDefinition } from '../../agents/lint-definition.js'
import { cwdFlag, jsonFlag, textArg } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { pluralize } from '../../terminal/format.js'
import type { TextPaint } from '../../terminal/paint.js'
import { safeJson, safeText } from '../../terminal/text.js'
import { definitionCommand, definitionProject, type DefinitionCommandProject } from './definition-command.js'

/** Checks the files of agents. Only problems make the command fail, warnings do not. */
export const agentsLintCommand = definitionCommand(
  {
    description: 'Check the files of agents: print what is wrong, where, and how to correct it',
    details: ['Exits 1 if a file has a problem, 0 if there are only warnings.'],
    examples: ['agents lint', 'agents lint reviewer'],
    words: {
      name: textArg('name', 'Name of the agent (default: all)', { names: 'definitions' }).exactOptional(),
    },
    flags: { cwd: cwdFlag, json: jsonFlag },
  },
  async ({ name, json, ...where }, context) => {
    const { stdout, stderr } = context.terminal
    const project = definitionProject(where, context)
    const listed = definitionsNamed(name, project)
    const findings = listed.flatMap((one) => lintDefinition(one, project.rules))
    const broken = findings.filter(({ type }) => type === 'problem').length
    const texts = findings.map((finding) => findingText(finding, stdout.paint))
    await stdout.print(json ? `${safeJson(findings, 2)}\n` : texts.join(''))
    const warnings = pluralize(findings.length - broken, 'warning')
    if (!json) await stderr.print(`${pluralize(listed.length, 'agent')}, ${broken} broken, ${warnings}\n`)
    return broken > 0 ? exitCode.failed : exitCode.done
  },
)

/** @throws SubagentError `unknown-definition` when no definition has the name */
function definitionsNamed(
  name: string | undefined,
  { places, project }: DefinitionCommandProject,
): readonly ListedDefinition[] {
  const all = listDefinitions(places, project)
  if (name === undefined) return all
  const named = all.filter((one) => (one.type === 'valid' ? one.definition.name : one.name) === name)
  return named.length > 0 ? named : [{ type: 'valid', definition: findDefinition(name, places, project) }]
}

function findingText({ type, text, hint }: LintFinding, paint: TextPaint): string {
  const head = type === 'problem' ? safeText(text) : `${safeText(text)} ${paint('dim', '(warning)')}`
  return hint === undefined ? `${head}\n` : `${head}\n  ${safeText(hint)}\n`
}
