import { maskSecrets } from '@subagent-mcp/permissions'
import type { SavedTextFile } from '../ports/mcp-port.js'

/**
 * Returns the last `limit` characters of a long text, and saves the whole text to a file. The end is kept, because answers put
 * their result there.
 */
export function cutTextAndSave(
  whole: string,
  { limit, save }: { limit: number; save: () => SavedTextFile },
): string {
  const text = maskSecrets(whole)
  if (text.length <= limit) return text
  return `[last ${limit} of ${text.length} characters; ${describeSavedText(save())}]\n…${text.slice(-limit)}`.toWellFormed()
}

/**
 * Shortens a long text to its beginning and its end, in one line. The end is kept, because a harmless beginning must not hide the
 * rest of a tool call.
 */
export function cutMiddleOfText(
  text: string,
  { limit, save }: { limit: number; save: () => SavedTextFile },
): string {
  const line = oneLine(maskSecrets(text))
  if (line.length <= limit) return line
  const half = limit / 2
  const cut = `${line.slice(0, half)} …[${text.length} characters in all; ${describeSavedText(save())}]… ${line.slice(-half)}`
  return cut.toWellFormed()
}

/** Returns the path of the file with the whole text, or the reason why the text was not saved. */
export function describeSavedText(saved: SavedTextFile, what = 'whole'): string {
  return 'path' in saved ? `${what}: ${saved.path}` : `${what} not kept: ${saved.problem}`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** Returns the beginning of an error of the MCP layer in one line, for a log: a parser's message has hundreds of lines. */
export function summarizeMcpProblem({ message }: Error): string {
  return oneLine(message).slice(0, 200)
}

/** Returns a text in one line, cut after `limit` characters, with secrets masked. */
export function cutToOneLine(text: string, limit: number): string {
  const line = oneLine(maskSecrets(text))
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`.toWellFormed()
}
