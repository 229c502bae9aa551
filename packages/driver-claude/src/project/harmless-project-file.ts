import { SubagentError } from '@subagent-mcp/contract'
import { parseFrontmatter, readDefinitionText } from '@subagent-mcp/definitions'

/** The keys and text of a skill or sub-agent, or why a session does not get it. */
export type HarmlessProjectFile =
  | { keys: Readonly<Record<string, unknown>>; body: string }
  | { reason: string }

/**
 * Reads a project file that runs nothing by itself: it has only known, harmless keys, and no text that Claude would run as a
 * command. A file that cannot be read completely is refused.
 */
export function readHarmlessProjectFile(
  path: string,
  { folder, known }: { folder: string; known: readonly string[] },
): HarmlessProjectFile {
  try {
    const text = readDefinitionText(path, folder)
    // Parsing the keys of many long files would block all other agents.
    if (text.indexOf('\n---', 3) > mostOfKeys) return { reason: 'more than 4 kB of keys' }
    const { value, body } = parseFrontmatter(path, text)
    const surplus = Object.keys(value).filter((key) => !known.includes(key))
    if (surplus.length > 0) return { reason: surplus.map(sanitizeProjectName).join(', ') }
    if (runsCommands(body) || Object.values(value).some(hasCommand)) return { reason: '! commands' }
    return { keys: value, body }
  } catch (error) {
    if (error instanceof SubagentError) return { reason: 'cannot be read' }
    throw error
  }
}

const mostOfKeys = 4096

/** Returns a name from a repository for a note that a model reads; a name that could be a sentence is replaced. */
export function sanitizeProjectName(name: string): string {
  return /^[\w.-]{1,40}$/.test(name) ? name : 'an unusual name'
}

/**
 * Whether a text has `` !`command` `` or a fence with an exclamation mark. Stricter than Claude (2.1.329), which requires a
 * space before the first form and three backticks right before the second.
 */
function runsCommands(text: string): boolean {
  return /(?<![\w`])!`|(?:```|~~~)[^\S\n]*!/.test(text)
}

function hasCommand(value: unknown): boolean {
  if (typeof value === 'string') return runsCommands(value)
  return typeof value === 'object' && value !== null && Object.values(value).some(hasCommand)
}
