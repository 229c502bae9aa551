import {
  reasoningEfforts,
  isTaskCategory,
  permissionPresets,
  taskCategories,
  type JsonSchema,
} from '@subagent-mcp/contract'
import { z } from 'zod'
import { AcceptanceOptions } from './checks/acceptance-options.js'
import { Budget } from './budget.js'
import { readonlyListSchema } from './response-schemas.js'
import { MessageText, getInvalidParameterName } from './message-text.js'

const Text = z.string().trim().min(1, { error: 'must not be empty' })

/** The schema of a choice, whose error lists the allowed values. */
function oneOf<const Word extends string>(words: readonly Word[]): z.ZodEnum<{ [One in Word]: One }> {
  return z.enum(words, { error: `must be one of ${words.join(', ')}` })
}

/** The error for an unknown category lists all categories, because a model that got one wrong has to choose again. */
const Category = z
  .string()
  .meta({ enum: Object.keys(taskCategories) })
  .refine(isTaskCategory, {
    error: ({ path, input }) => `no ${getInvalidParameterName(path)} '${String(input)}'`,
    params: {
      code: 'unknown-category',
      hint: `use one of ${Object.keys(taskCategories).join(', ')}; if none fits, split the work`,
    },
  })
  .transform((name) => (isTaskCategory(name) ? name : z.NEVER))

const Setup = z.strictObject({
  appendSystemPrompt: z.string().exactOptional(),
  tools: z
    .strictObject({
      only: readonlyListSchema(z.string()).exactOptional(),
      without: readonlyListSchema(z.string()).exactOptional(),
    })
    .describe("tools of the CLI, by the CLI's own names")
    .exactOptional(),
  maxTurns: z.number().int().positive().describe('model requests in one turn').exactOptional(),
  mcpServers: z
    .record(z.string(), z.unknown())
    .describe("MCP servers of this agent alone, by name, each as in Claude's .mcp.json")
    .exactOptional(),
})

const longestSchema = 32_768

/** A JSON Schema (2020-12) of answers. Whether it is valid is checked at launch. */
export const OutputSchema = z
  .unknown()
  .meta({ type: 'object' })
  .transform((value, context): JsonSchema => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (isObject && JSON.stringify(value).length <= longestSchema) return { ...value }
    const message = isObject ? `must have at most ${longestSchema} characters` : 'must be a JSON Schema'
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })
/** The most files of a message. Models take few images in one request. */
const mostFiles = 20

/** Paths of files that a launch or message hands to an agent, relative to the agent's folder: images by content, others by path. */
export const AttachedFiles = readonlyListSchema(Text).refine((files) => files.length <= mostFiles, {
  error: `has more than ${mostFiles} files`,
})

/** Launch options that are stored with the agent and shown in its summary (`ps`, `GET /v1/agents`). */
export const listedLaunchOptions = {
  category: Category.exactOptional().describe(
    'debugging: find a cause; ' +
      'agentic_execution: act, observe, adapt; knowledge_synthesis: prose; mechanical: exact transform',
  ),
  cwd: z.string().min(1).exactOptional().describe('Default: yours'),
  name: z
    .string()
    .max(80, { error: 'must have at most 80 characters' })
    .overwrite((name) => name.replace(/\s+/g, ' ').trim())
    .exactOptional()
    .describe('For lists'),
  account: Text.exactOptional().describe("User's, by name"),
  onHostExit: oneOf(['keep', 'kill']).exactOptional().describe('At host exit'),
  isolation: oneOf(['worktree', 'none']).exactOptional().describe('In a copy'),
}

export const storedLaunchOptions = {
  ...listedLaunchOptions,
  mcp: z
    .union([z.enum(['none', 'inherit']), readonlyListSchema(z.string())], {
      error: 'must be none, inherit or a list of names',
    })
    .exactOptional()
    .describe("User's servers; default none"),
  accept: AcceptanceOptions.exactOptional().describe('run [commands], files {only,must}, review, tries'),
  outputSchema: OutputSchema.exactOptional().describe('JSON Schema'),
  requestId: z.string().min(1).exactOptional().describe('Same id, same launch'),
  budget: Budget.exactOptional().describe('usd, tokens, minutes'),
  onLimit: oneOf(['continue', 'wait', 'fail']).exactOptional().describe('At a limit'),
  keepOpen: z.literal(true).exactOptional().describe('Its session is not closed when it idles'),
}

/**
 * All launch options, with their bounds and descriptions. MCP, HTTP, `run`, `worker`, fleet files and definitions all take an
 * option that is added here, except where `launch-surfaces.ts` leaves it out.
 */
export const launchOptions = {
  prompt: MessageText.describe('All it needs: it sees nothing else'),
  agent: Text.exactOptional().describe('Defined, such as reviewer'),
  changes: Text.exactOptional().describe('Your diff: uncommitted, staged, main, a..b'),
  files: AttachedFiles.exactOptional().describe('Images too'),
  ...storedLaunchOptions,
  provider: Text.exactOptional().describe('No other is tried'),
  prefer: Text.exactOptional().describe('Tried first'),
  model: Text.exactOptional().describe('Needs provider'),
  effort: oneOf(reasoningEfforts).exactOptional().describe('Needs model'),
  deadlock: z.boolean().exactOptional().describe('After 2 failed tries'),
  permissions: oneOf(permissionPresets).exactOptional().describe('Without asking'),
  setup: Setup.exactOptional().describe('What its sessions are opened with, added to what a definition says'),
  allowedTools: readonlyListSchema(z.string())
    .exactOptional()
    .describe('Rules such as Bash(git log:*): a call that none of them allows is denied without a question'),
  queue: z.boolean().exactOptional().describe('false: refuse if full'),
}

export type LaunchOption = keyof typeof launchOptions

export type LaunchOptions = z.output<z.ZodObject<typeof launchOptions>>

/** The launch options that are stored with an agent; those that have a default are always set. */
export type StoredLaunchOptions = z.output<z.ZodObject<typeof storedLaunchOptions>> &
  Required<Pick<LaunchOptions, 'category' | 'cwd' | 'mcp' | 'onHostExit'>>

/** Returns an object with only the keys that a schema shape has. */
export function pickSchemaKeys<Values extends object, Shape extends object>(
  values: Values,
  shape: Shape,
): Pick<Values, keyof Values & keyof Shape>
export function pickSchemaKeys(values: object, shape: object): object {
  return Object.fromEntries(Object.entries(values).filter(([key]) => Object.hasOwn(shape, key)))
}
