import { maskSecrets } from '@subagent-mcp/permissions'
import type { SavedText } from '../ports/mcp-port.js'

/** A long text, cut to its end, where answers conclude; the whole is kept on disk. */
export function cutText(whole: string, { limit, save }: { limit: number; save: () => SavedText }): string {
  const text = maskSecrets(whole)
  if (text.length <= limit) return text
  return `[last ${limit} of ${text.length} characters; ${whereWhole(save())}]\n…${text.slice(-limit)}`.toWellFormed()
}

/** A long text's beginning and end, in one line: what is asked must not hide behind a harmless beginning. */
export function cutMiddle(text: string, { limit, save }: { limit: number; save: () => SavedText }): string {
  const line = oneLine(maskSecrets(text))
  if (line.length <= limit) return line
  const half = limit / 2
  const cut = `${line.slice(0, half)} …[${text.length} characters in all; ${whereWhole(save())}]… ${line.slice(-half)}`
  return cut.toWellFormed()
}

/** Says where a text is kept that is shown in part. */
export function whereWhole(saved: SavedText, what = 'whole'): string {
  return 'path' in saved ? `${what}: ${saved.path}` : `${what} not kept: ${saved.problem}`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** A text's beginning, in one line. */
export function firstLine(text: string, limit: number): string {
  const line = oneLine(maskSecrets(text))
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`.toWellFormed()
}
