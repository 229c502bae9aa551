import { launchOptions, getLaunchOptionSchemas } from '@subagent-mcp/api'
import { reasoningEfforts, isSingleClaudeToolName, type PermissionPreset } from '@subagent-mcp/contract'
import { z } from 'zod'
import { isDefinitionName, definitionNameRule } from '../definition-name.js'

const Text = z.string().trim().min(1)
const Count = z.int().min(1).max(1_000_000)
/** A definition's number of minutes: at most a week, because a timer cannot wait longer than 24 days. */
const Minutes = z.number().positive().max(10_080)

/** A definition's list of names, or one text of names with commas between, as Claude allows. */
const Names = z.preprocess(splitNames, z.array(Text))

/** Tool names or rules. Claude would read all names after an unbalanced parenthesis as part of that name. */
const Tools = z.preprocess(
  splitNames,
  z.array(
    Text.refine(isSingleClaudeToolName, 'does not close its parentheses at its end, as Bash(rm *) does'),
  ),
)

const Items = z.preprocess(
  splitNames,
  z.array(
    z.preprocess(
      (item) => (typeof item === 'string' ? { name: item } : item),
      z.strictObject({
        name: z.string().refine(isDefinitionName, definitionNameRule),
        optional: z.boolean().default(false),
      }),
    ),
  ),
)

const InlineServers = z.record(z.string(), z.looseObject({}))

const McpServers = z.preprocess(
  (value) => (value === 'inherit' ? value : splitNames(value)),
  z.union([z.literal('inherit'), z.array(z.union([Text, InlineServers])), InlineServers], {
    error: 'is neither names of servers nor servers by name',
  }),
)

const Pool = z.strictObject({
  max: z.int().min(1).max(100).exactOptional(),
  recycleAfterTasks: Count.exactOptional(),
  recycleAfterMinutes: Minutes.exactOptional(),
  recycleAboveMegabytes: Count.exactOptional(),
  idleMinutes: Minutes.exactOptional(),
})

const Prime = z.preprocess(
  (value) => (typeof value === 'string' ? { prompt: value } : value),
  z.strictObject({ prompt: Text, files: z.array(Text).default([]) }),
)

const presets: Readonly<Record<string, PermissionPreset>> = {
  default: 'ask',
  acceptEdits: 'accept-edits',
  dontAsk: 'read-only',
  bypassPermissions: 'full-auto',
  ask: 'ask',
  'accept-edits': 'accept-edits',
  'read-only': 'read-only',
  'full-auto': 'full-auto',
}

const instead: Readonly<Record<string, string>> = {
  plan: 'plan makes the model plan first: to forbid changes, take dontAsk, which refuses what it would ask for',
  auto: 'auto leaves it to a model what is allowed: take default, which asks, or dontAsk, which refuses',
}

/** A definition's `permissionMode`, which is parsed to a permission preset. */
const PermissionMode = z.string().transform((word, context) => {
  const preset = Object.hasOwn(presets, word) ? presets[word] : undefined
  if (preset !== undefined) return preset
  const message = (Object.hasOwn(instead, word) ? instead[word] : undefined) ?? `there is no mode '${word}'`
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

export const launchDefinitionKeys = getLaunchOptionSchemas('definition')

/** The known keys of a definition and of Claude's and Gemini's formats. Descriptions are for error messages. */
export const DefinitionKeys = z.looseObject({
  name: Text.exactOptional().describe('the name of its file without .md'),
  description: Text.describe('a sentence that says what the agent is for'),
  ...launchDefinitionKeys,
  provider: launchDefinitionKeys.provider.describe(
    'the id of a provider, as claude, codex or gemini; any for the best one here, or other for any but that of the caller',
  ),
  model: launchDefinitionKeys.model.describe("a model of the provider's, or inherit for its default"),
  effort: launchDefinitionKeys.effort.describe(`one of ${reasoningEfforts.join(', ')}`),
  outputSchema: launchDefinitionKeys.outputSchema.describe('a JSON Schema, as a mapping'),
  task_category: launchOptions.category.describe('a category of tasks, as coding or quality_review'),
  cwd: Text.exactOptional().describe('a folder, relative to the project'),
  permissionMode: PermissionMode.exactOptional().describe(
    'default, acceptEdits, dontAsk or bypassPermissions',
  ),
  deny: Tools.exactOptional().describe(rulesHint()),
  ask: Tools.exactOptional().describe(rulesHint()),
  tools: Tools.exactOptional().describe('a list of tools, [] for none; without the key there are all'),
  disallowedTools: Tools.exactOptional().describe('a list of tools'),
  maxTurns: Count.exactOptional().describe('a whole number, 1 or more'),
  max_turns: Count.exactOptional().describe('a whole number, 1 or more'),
  mcpServers: McpServers.exactOptional().describe(mcpHint()),
  mcp_servers: McpServers.exactOptional().describe(mcpHint()),
  env: z
    .preprocess(splitNames, z.array(z.string().regex(/^[a-z_]\w*$/i, 'is no name of a variable')))
    .exactOptional()
    .describe('names of environment variables; their values come from the caller'),
  timeout: z.number().positive().max(604_800).exactOptional().describe('seconds, up to a week'),
  timeout_mins: Minutes.exactOptional().describe('minutes, up to a week'),
  pool: Pool.exactOptional().describe(`a mapping with ${Object.keys(Pool.shape).join(', ')}`),
  prime: Prime.exactOptional().describe('a prompt, or a mapping with prompt and files'),
  skills: Items.exactOptional().describe('a list of names, or of { name: …, optional: true }'),
  expertise: Items.exactOptional().describe('a list of names, or of { name: …, optional: true }'),
  optional: Names.exactOptional().describe('names of skills or expertise that may be missing'),
  kind: z.literal('local', 'is another kind than local').exactOptional().describe('local'),
})
export type DefinitionKeys = z.infer<typeof DefinitionKeys>

/** Splits a text at commas outside of parentheses, because `Bash(git add, git commit)` is one tool. */
function splitNames(value: unknown): unknown {
  if (typeof value !== 'string') return value
  return value
    .split(/,(?![^(]*\))/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function rulesHint(): string {
  return 'a list of rules, as Bash(git push:*) or Edit(docs/**)'
}

function mcpHint(): string {
  return "inherit, a list of names of the user's servers, or servers by name as in .mcp.json"
}
