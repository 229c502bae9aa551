import type { TextPaint } from '../paint.js'

/** The state of a renderer of Markdown between two pieces of a text. `unread`: characters whose meaning the next piece decides. */
export type MarkdownState = {
  unread: string
  isLineStart: boolean
  /** Whether the text is in a heading, which lasts to the end of its line. */
  isHeading: boolean
  /** The marks that opened a block of code, such as three backticks. */
  fence?: string | undefined
}

export const initialMarkdownState: MarkdownState = { unread: '', isLineStart: true, isHeading: false }

/** A part of a text that is recognised at its beginning: what is shown of it, and the state after it. */
type Token = { length: number; shown: string; state?: Partial<MarkdownState> }

/**
 * Renders the next piece of a Markdown text for a terminal: headings, bold, code, lists and quotes. A span is held back until
 * its end is read, or its line ends without one; then it is shown as it is, so that no character of a text is lost. All
 * else, such as tables and links, stays as it is.
 */
export function renderMarkdown(
  state: MarkdownState,
  piece: string,
  paint: TextPaint,
): [MarkdownState, string] {
  let [now, shown] = [{ ...state, unread: state.unread + piece }, '']
  for (;;) {
    const token = now.isLineStart ? readLineStart(now, paint) : readInline(now, paint)
    if (!token) return [now, shown]
    shown += token.shown
    now = { ...now, ...token.state, unread: now.unread.slice(token.length) }
  }
}

/** Reads the Markdown marks at the beginning of a line. Returns undefined if more text is needed. */
function readLineStart({ unread, fence }: MarkdownState, paint: TextPaint): Token | undefined {
  const marks = /^ {0,3}(`{3,}|~{3,})[^\n]*\n/.exec(unread)
  const [line = '', mark = ''] = marks ?? []
  if (marks && (fence === undefined || mark.startsWith(fence))) {
    return {
      length: line.length,
      shown: paint('dim', line),
      state: { fence: fence === undefined ? mark : undefined },
    }
  }
  if (/^ {0,3}(`{1,2}|~{1,2}|[`~]{3}[^\n]*)?$/.test(unread)) return undefined
  const inside = { isLineStart: false }
  if (fence !== undefined) return { length: 0, shown: '', state: inside }
  if (/^[ \t]*(#{1,6}|[-*+>])?$/.test(unread)) return undefined
  const [start = '', indentation = '', sign = ''] = /^([ \t]*)(#{1,6}|[-*+]|>) /.exec(unread) ?? []
  if (sign.startsWith('#')) return { length: start.length, shown: '', state: { ...inside, isHeading: true } }
  const shown = sign === '' ? '' : `${indentation}${sign === '>' ? paint('dim', '│') : '•'} `
  return { length: start.length, shown, state: inside }
}

/** Reads a Markdown span, such as bold text, or the text up to the next span. Returns undefined if more text is needed. */
function readInline({ unread, fence, isHeading }: MarkdownState, paint: TextPaint): Token | undefined {
  if (unread.startsWith('\n'))
    return { length: 1, shown: '\n', state: { isLineStart: true, isHeading: false } }
  const tone = isHeading ? 'bold' : 'plain'
  const plain = (fence === undefined ? /^[^\n`*]+/ : /^[^\n]+/).exec(unread)?.[0]
  if (plain !== undefined)
    return { length: plain.length, shown: paint(fence === undefined ? tone : 'cyan', plain) }
  const [marks = ''] = /^[`*]+/.exec(unread) ?? []
  if (marks === unread) return undefined
  const [span, text = ''] = spans[marks]?.exec(unread) ?? []
  if (span !== undefined) return { length: span.length, shown: paint(marks === '**' ? 'bold' : 'cyan', text) }
  if (openSpan.test(unread)) return undefined
  return { length: marks.length, shown: paint(tone, marks) }
}

/** The patterns of Markdown spans by the marks that open them. */
const spans: Readonly<Record<string, RegExp>> = { '`': /^`([^`\n]+)`/, '**': /^\*\*(?!\s)([^\n]+?)\*\*/ }

const openSpan = /^(`(?!`)|\*\*(?![\s*]))[^\n]*$/
