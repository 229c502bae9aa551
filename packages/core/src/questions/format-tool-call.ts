import type { PendingApproval } from '../agent/agent.js'

type Call = Pick<PendingApproval, 'tool' | 'input'>

/**
 * Describes a complete tool call on one line, with a shell command as plain text. The command comes last and unchanged, so that nothing in
 * it looks like another field; other texts are quoted unless they are plain words. Leaves out `cwd`, the agent's folder.
 */
export function formatToolCallOnOneLine({ tool, input }: Call, cwd: string): string {
  const { command, rest } = withoutCommand(tool, input, cwd)
  const fields = leaves(rest).map(([path, value]) =>
    [...(path.length > 0 ? [path.map(nameOf).join('.')] : []), wordOf(value)].join(': '),
  )
  if (command === undefined) return [wordOf(tool), fields.join(', ')].filter(Boolean).join(' ')
  return `${wordOf(tool)}${fields.length > 0 ? ` (${fields.join(', ')})` : ''}: ${command}`
}

type Split = { command?: string; rest: unknown }

/** Splits the input of a shell call into its command and the other fields that change what runs. */
function withoutCommand(tool: string, input: unknown, cwd: string): Split {
  const { command: key, says } = shellTools.get(tool) ?? {}
  if (key === undefined || !isRecord(input) || typeof input[key] !== 'string') return { rest: input }
  // Only Gemini puts the shell command into the title, with its folder. In other ACP agents the title is one field among others.
  if (key === 'title' && ('rawInput' in input || !('content' in input))) return { rest: input }
  const rest = Object.entries(input).filter(
    ([name, value]) => name !== key && name !== says && changesWhatRuns(name, value, cwd),
  )
  return { command: input[key], rest: Object.fromEntries(rest) }
}

/** The shell tools of the CLIs: the field of their command, and `says`, the model's description, not shown. */
const shellTools = new Map<string, { command: string; says?: string }>([
  ['Bash', { command: 'command', says: 'description' }],
  ['Monitor', { command: 'command', says: 'description' }],
  ['exec_command', { command: 'command', says: 'reason' }],
  ['execute', { command: 'title' }],
])

/** Whether an input field of a shell call tells more than that the command runs in the agent's own folder. */
function changesWhatRuns(name: string, value: unknown, cwd: string): boolean {
  if (value === undefined || value === null) return false
  if (name === 'cwd') return value !== cwd
  return name !== 'content' || !isGeminiFolder(value, cwd)
}

/** Whether a `content` field holds only Gemini's note that the command runs in the agent's folder. */
function isGeminiFolder(content: unknown, cwd: string): boolean {
  const said = leaves(content).map(([path, value]) => `${path.join('.')}: ${String(value)}`)
  const expected = [
    `0.content.text: [current working directory ${cwd}]`,
    '0.content.type: text',
    '0.type: content',
  ]
  return said.toSorted().join('\n') === expected.join('\n')
}

type Leaf = readonly [path: readonly string[], value: unknown]

/** Lists all values in a nested tool input, each with its path. */
function leaves(value: unknown, path: readonly string[] = []): Leaf[] {
  const inside = isRecord(value) || Array.isArray(value) ? Object.entries(value) : []
  if (inside.length > 0) return inside.flatMap(([name, part]) => leaves(part, [...path, name]))
  return value === undefined || (path.length === 0 && isRecord(value)) ? [] : [[path, value]]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function nameOf(name: string): string {
  return /^[\w-]+$/.test(name) ? name : JSON.stringify(name)
}

/** Words that would read as a boolean or null if they were shown without quotes. */
const isLiteral = /^(true|false|null)$/

function wordOf(value: unknown): string {
  if (typeof value === 'string' && /^[a-z_./~@][\w./~@+-]*$/i.test(value) && !isLiteral.test(value))
    return value
  return JSON.stringify(value)
}
