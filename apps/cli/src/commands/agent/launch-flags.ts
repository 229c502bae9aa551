import {
  launchOptions,
  getLaunchOptionSchemas,
  launchOptionRules,
  type LaunchOption,
} from '@subagent-mcp/api'
import { createFlagExcludesRule, createFlagNeedsRule, type ArgsRule } from '../../command/arg-rules.js'
import {
  cliParamNotes,
  booleanArgSchema,
  type CliParamNotes,
  textArgSchema,
} from '../../command/arg-schemas.js'

/**
 * Descriptions of launch options for help. They replace those of the schemas, which are kept short because models read
 * them in tool lists. An option without an entry keeps its description.
 */
const notes: Readonly<Record<string, CliParamNotes>> = {
  agent: {
    hint: 'name',
    description: 'Launch the defined agent of this name; subagent-mcp agents lists them',
    names: 'definitions',
  },
  changes: {
    hint: 'changes',
    description: 'Add a git diff to the task: uncommitted, staged, since a branch, or of main..topic',
  },
  category: {
    hint: 'name',
    description: 'Kind of task, by which subagent-mcp chooses provider and model (default: fallback_default)',
  },
  provider: {
    hint: 'name',
    description: 'The only provider that may get the task: claude, codex, gemini or one of config.jsonc',
    names: 'providers',
  },
  prefer: {
    hint: 'name',
    description: 'Provider that is tried first; if it cannot take the task, another one gets it',
    names: 'providers',
  },
  model: {
    hint: 'name',
    description: 'Model of the provider (default: the best one for the category)',
  },
  effort: { hint: 'level', description: 'How long the model thinks (default: as the model itself does)' },
  permissions: {
    hint: 'preset',
    description: 'What the agent may do without asking (default: as configured)',
  },
  onLimit: {
    description: 'At a usage limit of the provider: wait (default), continue on another one, or fail',
  },
  account: {
    hint: 'name',
    description: 'Account of the provider to use, by its name in accounts of config.jsonc',
  },
  name: {
    hint: 'name',
    description: 'Name for the new agent, by which subagent-mcp send, wait and logs find it',
  },
  cwd: { hint: 'folder', description: 'Folder in which the agent works (default: the current folder)' },
}

for (const [option, schema] of Object.entries(launchOptions)) {
  const note = notes[option]
  if (note) cliParamNotes.add(schema, note)
}

export const runCommandFlags = getLaunchOptionSchemas('run')

export const worktreeFlag = booleanArgSchema(
  'Let the agent work in a private copy of the repository (a git worktree)',
)

/** Returns the launch option for `--worktree`. Without that flag the definition and the configuration decide on worktrees. */
export function createWorktreeLaunchOption(worktree: boolean): { isolation?: 'worktree' } {
  return worktree ? { isolation: 'worktree' } : {}
}

export const workerCommandFlags = getLaunchOptionSchemas('worker')

/** Returns the rules between launch options (such as: a model needs a provider) that concern the options of a command. */
export function findLaunchRulesForFlags<Flags extends object>(flags: Flags): ArgsRule<keyof Flags & string>[]
export function findLaunchRulesForFlags(flags: object): ArgsRule<string>[] {
  const has = (option: LaunchOption): boolean => Object.hasOwn(flags, option)
  return launchOptionRules.flatMap((rule) => {
    if (!has(rule.option)) return []
    if ('needs' in rule) return has(rule.needs) ? [createFlagNeedsRule(rule.option, rule.needs)] : []
    const others = rule.excludes.filter(has)
    return others.length > 0 ? [createFlagExcludesRule(rule.option, others, rule.why)] : []
  })
}

export const ciFlags = {
  ci: booleanArgSchema('For CI jobs: ask nobody, and leave no background process and no file behind'),
  junit: textArgSchema(
    'file',
    'With --ci: also write the outcome to this file, as JUnit XML',
  ).exactOptional(),
}

export const ciFlagRules = [createFlagNeedsRule('junit', 'ci')]
