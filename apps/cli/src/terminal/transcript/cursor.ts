import type { Paint, Tone } from '../paint.js'
import { safeText } from '../text.js'
import type { TranscriptEntry } from './entry.js'

/** A text to print in a transcript: text of the model, or talk about what happens. */
export type TranscriptOutput = { to: 'text' | 'talk'; text: string }

/** The unfinished lines of a transcript: text of the model, or a call that has no outcome yet; and the text streamed so far. */
export type CursorState = { inText: boolean; call?: string; streamed: string }

/** The look of a transcript. `together`: text and talk are on one screen, so that neither may continue a line of the other. */
export type CursorStyle = { paint: Paint; stamp: (at: number) => string; together: boolean }

/** The state of the line after a transcript entry, and the texts to print. */
export type RenderedEntry = readonly [CursorState, ...TranscriptOutput[]]

/** The initial state of a transcript's line: at its beginning, with nothing unfinished. */
export const startOfLine: CursorState = { inText: false, streamed: '' }

/** Lays out a transcript entry in lines. A message that was streamed is not printed again. */
export function layOutEntry(cursor: CursorState, entry: TranscriptEntry, style: CursorStyle): RenderedEntry {
  switch (entry.type) {
    case 'said-part':
      return writeText({ ...cursor, streamed: cursor.streamed + entry.text }, entry.text)
    case 'said':
      return writeMessage(cursor, entry.text)
    case 'note':
    case 'turn-ended':
      return writeTalk(cursor, `${noteText(entry, style)}\n`, style)
    case 'call-started': {
      const { at, call: text, callId: call } = entry
      const [next, ...pieces] = writeTalk(cursor, noteText({ at, text, tone: 'dim' }, style), style)
      return [{ ...next, call }, ...pieces]
    }
    case 'call-ended':
      return writeOutcome(cursor, entry, style)
  }
}

/** Ends the unfinished lines of a transcript. */
export function endOpenLines({ call, ...cursor }: CursorState): RenderedEntry {
  const broken = [...(cursor.inText ? [textBreak] : []), ...(call === undefined ? [] : [talkBreak])]
  return [{ ...cursor, inText: false }, ...broken]
}

const textBreak: TranscriptOutput = { to: 'text', text: '\n' }
const talkBreak: TranscriptOutput = { to: 'talk', text: '\n' }

function writeText({ call, ...cursor }: CursorState, text: string): RenderedEntry {
  const broken = call === undefined ? [] : [talkBreak]
  return [{ ...cursor, inText: !text.endsWith('\n') }, ...broken, { to: 'text', text: safeText(text) }]
}

function writeMessage(cursor: CursorState, message: string): RenderedEntry {
  const [whole, streamed] = [message.trim(), cursor.streamed.trim()]
  const isStreamed = streamed !== '' && streamed.endsWith(whole)
  const continues = streamed !== '' && whole.startsWith(streamed)
  const rest = isStreamed ? '' : whole.slice(continues ? streamed.length : 0)
  const broken = cursor.inText && !isStreamed && !continues ? [textBreak] : []
  const [next, ...pieces]: RenderedEntry = rest === '' ? [cursor] : writeText(cursor, rest)
  return [{ ...next, inText: false, streamed: '' }, ...broken, ...pieces, ...(next.inText ? [textBreak] : [])]
}

function writeTalk({ call, ...cursor }: CursorState, text: string, { together }: CursorStyle): RenderedEntry {
  const broken = [
    ...(call === undefined ? [] : [talkBreak]),
    ...(cursor.inText && together ? [textBreak] : []),
  ]
  return [{ ...cursor, inText: cursor.inText && !together }, ...broken, { to: 'talk', text }]
}

function writeOutcome(
  cursor: CursorState,
  entry: TranscriptEntry & { type: 'call-ended' },
  style: CursorStyle,
): RenderedEntry {
  const { callId, tool, problem, at } = entry
  const { call, ...rest } = cursor
  const outcome =
    problem === undefined ? style.paint('green', 'ok') : style.paint('red', `failed: ${problem}`)
  if (call === callId) return [rest, { to: 'talk', text: ` → ${outcome}\n` }]
  return writeTalk(cursor, `${style.stamp(at)}${style.paint('dim', safeText(tool))} → ${outcome}\n`, style)
}

/** Formats a note; its lines after the first are indented to the text of the first. */
function noteText({ at, text, tone }: Note, { paint, stamp }: CursorStyle): string {
  const head = stamp(at)
  const [first = '', ...others] = safeText(text)
    .trimEnd()
    .split('\n')
    .map((line) => paint(tone, line))
  return [paint('dim', head) + first, ...others.map((line) => ' '.repeat(head.length) + line)].join('\n')
}

type Note = { at: number; text: string; tone: Tone }
