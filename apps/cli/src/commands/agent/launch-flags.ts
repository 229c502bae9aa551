import { launchOptions, launchOptionsOf, launchRules, type LaunchOption } from '@subagent-mcp/api'
import { excludes, needs, type Rule } from '../../command/rules.js'
import { valueNotes, type ValueNotes } from '../../command/values.js'

/**
 * What help says of a launch option in place of its description, which is as short as the tool lists of models need it.
 * An option without an entry keeps its description.
 */
const notes: Readonly<Record<string, ValueNotes>> = {
  agent: { hint: 'name', description: 'Use a defined agent, as subagent-mcp agents lists them' },
  category: {
    hint: 'name',
    description:
      'Kind of task, by which the routing table chooses provider and model (default: fallback_default)',
  },
  provider: {
    hint: 'name',
    description:
      'Provider that gets the task, with no fallback: claude, codex, gemini or one of config.jsonc',
  },
  prefer: {
    hint: 'name',
    description: 'Provider that is tried first; if it cannot take the task, others get it',
  },
  model: {
    hint: 'name',
    description: "One of the provider's models (default: the routing table's choice)",
  },
  effort: { hint: 'level', description: "How hard the model thinks (default: the model's own)" },
  permissions: { hint: 'preset', description: 'What it may do without asking (default: as configured)' },
  name: { hint: 'name', description: 'Name of the new agent, for ps, send and wait' },
  cwd: { hint: 'folder', description: 'Folder in which it works (default: the current folder)' },
}

for (const [option, schema] of Object.entries(launchOptions)) {
  const note = notes[option]
  if (note) valueNotes.add(schema, note)
}

/** The flags of `run`: one for each launch option that it takes. */
export const runFlags = launchOptionsOf('run')

/** The flags of `worker`: one for each launch option that it takes. */
export const workerFlags = launchOptionsOf('worker')

/** The rules that join launch options, as far as the flags of a command have these options. */
export function launchRulesOf<Flags extends object>(flags: Flags): Rule<keyof Flags & string>[]
export function launchRulesOf(flags: object): Rule<string>[] {
  const has = (option: LaunchOption): boolean => Object.hasOwn(flags, option)
  return launchRules.flatMap((rule) => {
    if (!has(rule.option)) return []
    if ('needs' in rule) return has(rule.needs) ? [needs(rule.option, rule.needs)] : []
    const others = rule.excludes.filter(has)
    return others.length > 0 ? [excludes(rule.option, others, rule.why)] : []
  })
}
