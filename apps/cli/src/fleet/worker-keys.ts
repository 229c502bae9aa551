import { launchOptionsOf } from '@subagent-mcp/api'
import { EventSeverity } from '@subagent-mcp/contract'
import { z } from 'zod'

const Text = z
  .string()
  .trim()
  .min(1)
  .refine((text) => !text.includes('\0'), 'has a zero byte, which no path or word of a command can')
const Count = z.int().min(1).max(1_000_000_000)
const modes = ['default', 'acceptEdits', 'dontAsk', 'bypassPermissions'] as const

/** A list of texts, or one text with commas, as Claude accepts rules. Commas inside parentheses are part of a rule. */
const Words = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(/,(?![^(]*\))/) : value),
  z.array(Text),
)

/** Makes all keys optional texts, because their values become words of a command line. */
function textKeys<Shape extends object>(shape: Shape): Record<keyof Shape, z.ZodExactOptional<typeof Text>>
function textKeys(shape: object): Record<string, z.ZodType> {
  return Object.fromEntries(Object.keys(shape).map((key) => [key, Text.exactOptional()]))
}

/** The options of `subagent-mcp worker` that a fleet file can set, by the names of the flags. */
const flags = z.strictObject({
  ...textKeys(launchOptionsOf('worker')),
  worktree: z.boolean().exactOptional(),
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
  severity: EventSeverity.exactOptional(),
})

/** The keys of a worker in a fleet file. */
export const WorkerKeys = flags.extend({ folder: Text, name: Text.exactOptional() })
export type WorkerKeys = z.infer<typeof WorkerKeys>

/** Returns the words after `subagent-mcp worker` for a worker of a fleet file. `pathOf` makes a path absolute. */
export function workerWords(
  name: string,
  keys: Omit<WorkerKeys, 'folder' | 'name'>,
  pathOf: (path: string) => string,
): string[] {
  const { worktree = false, ...valued } = { ...keys, ...pathIn(keys, pathOf) }
  const words = Object.entries(valued).map(
    // Flag and value are one word, because a value may begin with a dash.
    ([flag, value]) => `--${flag}=${Array.isArray(value) ? value.join(',') : String(value)}`,
  )
  return [`--name=${name}`, ...(worktree ? ['--worktree'] : []), ...words]
}

function pathIn(
  { 'mcp-config': path }: Pick<WorkerKeys, 'mcp-config'>,
  pathOf: (path: string) => string,
): Pick<WorkerKeys, 'mcp-config'> {
  return path === undefined || path.startsWith('{') ? {} : { 'mcp-config': pathOf(path) }
}
