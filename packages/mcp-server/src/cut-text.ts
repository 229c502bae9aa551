import type { SavedText } from './port.js'

/** A long text, cut to its end, where answers conclude; the whole is kept on disk. */
export function cutText(text: string, { limit, save }: { limit: number; save: () => SavedText }): string {
  if (text.length <= limit) return text
  const saved = save()
  const whole = 'path' in saved ? `whole: ${saved.path}` : `whole not kept: ${saved.problem}`
  return `[last ${limit} of ${text.length} characters; ${whole}]\n…${text.slice(-limit)}`
}

/** A text's beginning, in one line. */
export function firstLine(text: string, limit: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`
}
