import { formatLocalTime } from '@subagent-mcp/contract'
import { formatToolCallOnOneLine, type Agent, type PendingApproval } from '@subagent-mcp/core'
import { revealInvisibleCharacters } from '../answers/reveal-invisible-characters.js'

/** The text columns of the narrowest permission form of all hosts: the form of Claude Code in a terminal of 80 columns. */
const columns = 72

/** Returns the first line of a permission form: the agent that asks, its folder and the deadline. */
export function formatPermissionFormHeading(
  { id, name, cwd }: Agent['profile'],
  { until }: PendingApproval,
): string {
  const who = name === undefined ? id : `${id} "${shortened(name, longestName)}"`
  const deadline = until === undefined ? '' : ` until ${formatLocalTime(until)}`
  const begin = `Sub-agent ${who} asks${deadline} in `
  return `${begin}${shortened(cwd, columns - width(begin) - 1)}:`
}

/** The most characters of an agent's name that a form shows, because callers choose the names. */
const longestName = 20

/** Returns the whole tool call in at most two lines for a permission form; `undefined` if the call needs more lines. */
export function wrapToolCallForForm(request: PendingApproval, cwd: string): string[] | undefined {
  if (JSON.stringify(request.input ?? '').length > longestCall) return undefined
  const text = revealInvisibleCharacters(formatToolCallOnOneLine(request, cwd), Infinity)
  if (width(text) <= columns) return [text]
  // The text is only broken at a single space, because a line break elsewhere could change its meaning.
  const at = [...text.matchAll(/(?<! ) (?! )/g)].map(({ index }) => index)
  const end = at.findLast((index) => width(text.slice(0, index)) <= columns)
  if (end === undefined || width(text.slice(end + 1)) > columns) return undefined
  return [text.slice(0, end), text.slice(end + 1)]
}

/** The most characters of a tool call's JSON that are formatted for a form; longer JSON never fits in two lines. */
const longestCall = 4_000

/** Cuts off the beginning of a text, because the end of a path identifies it best. */
function shortened(text: string, most: number): string {
  const shown = revealInvisibleCharacters(text, Infinity)
  if (width(shown) <= most) return shown
  const characters = Array.from(shown)
  while (characters.length > 0 && width(characters.join('')) > most - 2) characters.shift()
  return `…${characters.join('')}`
}

/** An upper bound of the columns of a text; hosts count characters outside ASCII differently. */
function width(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + (character <= '~' ? 1 : 2), 0)
}
