import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'

/** Characters of a text that a view shows at once. */
const mostShown = 20_000

/**
 * Makes a text of several lines safe to show: every character that is invisible, or changes the direction of writing, is spelled
 * out; indentation stays. The middle of a very long text is left out, with a count.
 */
export function escapeLines(text: string, most = mostShown): string {
  const [head, left] = [text.slice(0, most), text.length - most]
  const shown = head
    .replace(/\r\n/g, '\n')
    .split('\n')
    .map((line) => line.replace(/[^ \t][^]*/, (words) => revealInvisibleCharacters(words, Infinity)))
    .join('\n')
  return left > 0 ? `${shown}… [${left} characters left out]` : shown
}

/** Makes a text safe to show in one line. */
export function escapeLine(text: string, most = 300): string {
  return revealInvisibleCharacters(
    text
      .slice(0, most * 2)
      .replace(/\s+/g, ' ')
      .trim(),
    most,
  )
}

/** Removes the colour codes of terminals, then makes the text safe to show. Not for texts that a person is asked to allow. */
export function escapeOutput(text: string): string {
  // oxlint-disable-next-line no-control-regex -- terminals' codes begin with a control character
  return escapeLines(text.slice(0, 2 * mostShown).replace(/\u001b\[[0-9;:]*m/g, ''))
}
