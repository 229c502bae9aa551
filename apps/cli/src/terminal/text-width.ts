/** How many columns of a terminal a line takes. */
export function textWidth(line: string): number {
  let width = 0
  for (const { segment } of graphemes.segment(line)) width += graphemeWidth(segment)
  return width
}

/** Cuts a line to so many columns. */
export function cutToWidth(line: string, columns: number): string {
  if (textWidth(line) <= columns) return line
  let cut = ''
  let width = 0
  for (const { segment } of graphemes.segment(line)) {
    width += graphemeWidth(segment)
    if (width > columns - 1) break
    cut += segment
  }
  return `${cut}…`
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Emoji and the scripts of East Asia take two columns; what joins to nothing takes none. */
const wide =
  /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u
const empty = /^[\p{Mark}\p{Format}]+$/u

function graphemeWidth(grapheme: string): number {
  if (empty.test(grapheme)) return 0
  return wide.test(grapheme) ? 2 : 1
}
