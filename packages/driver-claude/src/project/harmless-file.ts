import { SubagentError } from '@subagent-mcp/contract'
import { parseFrontmatter, readTextFile } from '@subagent-mcp/definitions'

/** A skill or sub-agent of a project, or why it is not given to a session. */
export type HarmlessFile = { keys: Readonly<Record<string, unknown>>; body: string } | { reason: string }

/**
 * Reads a file of a project in which nothing runs by itself: it has no key but those that are known to be harmless, and
 * no text that Claude Code would run as a command. What cannot be read for certain is not given.
 */
export function readHarmlessFile(
  path: string,
  { folder, known }: { folder: string; known: readonly string[] },
): HarmlessFile {
  try {
    const text = readTextFile(path, folder)
    // Many long ones would hold up all other agents while they are parsed.
    if (text.indexOf('\n---', 3) > mostOfKeys) return { reason: 'more than 4 kB of keys' }
    const { value, body } = parseFrontmatter(path, text)
    const surplus = Object.keys(value).filter((key) => !known.includes(key))
    if (surplus.length > 0) return { reason: surplus.map(plainName).join(', ') }
    if (runsCommands(body) || Object.values(value).some(hasCommand)) return { reason: '! commands' }
    return { keys: value, body }
  } catch (error) {
    if (error instanceof SubagentError) return { reason: 'cannot be read' }
    throw error
  }
}

const mostOfKeys = 4096

/** A name that a repository chose, as a note can show it to a model: one that could be a sentence is not shown. */
export function plainName(name: string): string {
  return /^[\w.-]{1,40}$/.test(name) ? name : 'an unusual name'
}

/**
 * `` !`command` `` that no word runs into, or a fence with an exclamation mark: more than what Claude Code (2.1.329)
 * takes for a command, which wants a space before the first and three backticks right before the second.
 */
function runsCommands(text: string): boolean {
  return /(?<![\w`])!`|(?:```|~~~)[^\S\n]*!/.test(text)
}

function hasCommand(value: unknown): boolean {
  if (typeof value === 'string') return runsCommands(value)
  return typeof value === 'object' && value !== null && Object.values(value).some(hasCommand)
}
