import { launchOptionsOf } from '@subagent-mcp/api'
import { Severity } from '@subagent-mcp/contract'
import { z } from 'zod'

const Text = z
  .string()
  .trim()
  .min(1)
  .refine((text) => !text.includes('\0'), 'has a zero byte, which no path or word of a command can')
const Count = z.int().min(1).max(1_000_000_000)
const modes = ['default', 'acceptEdits', 'dontAsk', 'bypassPermissions'] as const

/** A list, or words with commas between, as Claude takes rules; commas inside of parentheses are part of a rule. */
const Words = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(/,(?![^(]*\))/) : value),
  z.array(Text),
)

/** Keys that are words of a command in the end. */
function textKeys<Shape extends object>(shape: Shape): Record<keyof Shape, z.ZodExactOptional<typeof Text>>
function textKeys(shape: object): Record<string, z.ZodType> {
  return Object.fromEntries(Object.keys(shape).map((key) => [key, Text.exactOptional()]))
}

/** What `subagent-mcp worker` takes, by the names of its flags. */
const flags = z.strictObject({
  ...textKeys(launchOptionsOf('worker')),
  'permission-mode': z.enum(modes).exactOptional(),
  'allowed-tools': Words.exactOptional(),
  'mcp-config': Text.exactOptional(),
  'poll-ms': Count.exactOptional(),
  session: z.enum(['warm', 'resume', 'fresh']).exactOptional(),
  replicas: z.int().min(1).max(100).exactOptional(),
  'max-turns': Count.exactOptional(),
  'budget-usd': z.number().positive().exactOptional(),
  'budget-tokens': Count.exactOptional(),
  topics: Words.exactOptional(),
  severity: Severity.exactOptional(),
})

/** A worker as a fleet file has it. */
export const WorkerKeys = flags.extend({ folder: Text, name: Text.exactOptional() })
export type WorkerKeys = z.infer<typeof WorkerKeys>

/** The words after `subagent-mcp worker`; `pathOf` makes a path that holds in any folder. */
export function workerWords(
  name: string,
  keys: Omit<WorkerKeys, 'folder' | 'name'>,
  pathOf: (path: string) => string,
): string[] {
  const words = Object.entries({ ...keys, ...pathIn(keys, pathOf) }).map(
    // In one word: a value may begin with a dash.
    ([flag, value]) => `--${flag}=${Array.isArray(value) ? value.join(',') : String(value)}`,
  )
  return [`--name=${name}`, ...words]
}

function pathIn(
  { 'mcp-config': path }: Pick<WorkerKeys, 'mcp-config'>,
  pathOf: (path: string) => string,
): Pick<WorkerKeys, 'mcp-config'> {
  return path === undefined || path.startsWith('{') ? {} : { 'mcp-config': pathOf(path) }
}
