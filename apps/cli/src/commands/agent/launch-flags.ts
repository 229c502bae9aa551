import { launchOptions, launchOptionsOf, launchRules, type LaunchOption } from '@subagent-mcp/api'
import { flagExcludes, flagNeeds, type ArgsRule } from '../../command/rules.js'
import { paramNotes, boolArg, type CliParamNotes } from '../../command/values.js'

/**
 * Descriptions of launch options for help. They replace those of the schemas, which are kept short because models read
 * them in tool lists. An option without an entry keeps its description.
 */
const notes: Readonly<Record<string, CliParamNotes>> = {
  agent: {
    hint: 'name',
    description: 'Use a defined agent, as subagent-mcp agents lists them',
    names: 'definitions',
  },
  changes: {
    hint: 'changes',
    description: 'Add the diff of the folder to the task: uncommitted, staged, a base branch, or main..topic',
  },
  category: {
    hint: 'name',
    description:
      'Kind of task, by which the routing table chooses provider and model (default: fallback_default)',
  },
  provider: {
    hint: 'name',
    description:
      'Provider that gets the task, with no fallback: claude, codex, gemini or one of config.jsonc',
    names: 'providers',
  },
  prefer: {
    hint: 'name',
    description: 'Provider that is tried first; if it cannot take the task, others get it',
    names: 'providers',
  },
  model: {
    hint: 'name',
    description: "One of the provider's models (default: the routing table's choice)",
  },
  effort: { hint: 'level', description: "How hard the model thinks (default: the model's own)" },
  permissions: {
    hint: 'preset',
    description: 'Preset of tool calls allowed unasked (default: as configured)',
  },
  onLimit: {
    description: 'At a usage limit of the provider: wait (default), continue on another one, or fail',
  },
  account: { hint: 'name', description: 'Account of the provider, by its name in accounts of config.jsonc' },
  name: { hint: 'name', description: 'Name of the new agent, for ps, send and wait' },
  cwd: { hint: 'folder', description: 'Folder in which the agent works (default: the current folder)' },
}

for (const [option, schema] of Object.entries(launchOptions)) {
  const note = notes[option]
  if (note) paramNotes.add(schema, note)
}

export const runCommandFlags = launchOptionsOf('run')

export const worktreeFlag = boolArg('Let the agent work in a private copy of the repository (a worktree)')

/** The launch option that `--worktree` stands for. Without it the definition and the configuration decide. */
export function worktreeOption(worktree: boolean): { isolation?: 'worktree' } {
  return worktree ? { isolation: 'worktree' } : {}
}

export const workerCommandFlags = launchOptionsOf('worker')

/** Returns the rules between launch options, as far as a command has these options. */
export function launchRulesForFlags<Flags extends object>(flags: Flags): ArgsRule<keyof Flags & string>[]
export function launchRulesForFlags(flags: object): ArgsRule<string>[] {
  const has = (option: LaunchOption): boolean => Object.hasOwn(flags, option)
  return launchRules.flatMap((rule) => {
    if (!has(rule.option)) return []
    if ('needs' in rule) return has(rule.needs) ? [flagNeeds(rule.option, rule.needs)] : []
    const others = rule.excludes.filter(has)
    return others.length > 0 ? [flagExcludes(rule.option, others, rule.why)] : []
  })
}
