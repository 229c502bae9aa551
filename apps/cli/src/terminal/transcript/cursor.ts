import type { TextPaint, TextTone } from '../paint.js'
import { escapeForTerminal } from '../text.js'
import type { TranscriptEntry } from './entry.js'
import {
  formatFoldedCallsLine,
  formatFoldedLineEnd,
  addFoldedCall,
  endFoldedCall,
  type FoldedCalls,
  type FoldedCallsStyle,
} from './folded-calls.js'

/** A text to print in a transcript: text of the model, or talk about what happens. */
export type TranscriptOutput = { to: 'text' | 'talk'; text: string }

/**
 * The unfinished lines of a transcript: text of the model, a call that has no outcome yet, or folded calls; and the text streamed so far.
 */
export type TranscriptCursor = { inText: boolean; call?: string; folded?: FoldedCalls; streamed: string }

/**
 * The look of a transcript. `together`: text and talk are on one screen, so that neither may continue a line of the other.
 * `foldTo`: tool calls that follow each other share a line of so many columns, except those that fail.
 */
export type TranscriptStyle = {
  paint: TextPaint
  stamp: (at: number) => string
  together: boolean
  foldTo?: number | undefined
}

/** The state of the line after a transcript entry, and the texts to print. */
export type RenderedEntry = readonly [TranscriptCursor, ...TranscriptOutput[]]

/** The initial state of a transcript's line: at its beginning, with nothing unfinished. */
export const initialTranscriptCursor: TranscriptCursor = { inText: false, streamed: '' }

/** Lays out a transcript entry in lines. A message that was streamed is not printed again. */
export function layOutTranscriptEntry(
  cursor: TranscriptCursor,
  entry: TranscriptEntry,
  style: TranscriptStyle,
): RenderedEntry {
  const { foldTo } = style
  if (foldTo !== undefined && (entry.type === 'call-started' || entry.type === 'call-ended')) {
    return foldCall(cursor, entry, { ...style, columns: foldTo })
  }
  const [next, ...broken]: RenderedEntry = cursor.folded ? endFolded(cursor) : [cursor]
  const [last, ...outputs] = layOutUnfolded(next, entry, style)
  return [last, ...broken, ...outputs]
}

function layOutUnfolded(
  cursor: TranscriptCursor,
  entry: TranscriptEntry,
  style: TranscriptStyle,
): RenderedEntry {
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
export function endUnfinishedLines({ call, folded, ...cursor }: TranscriptCursor): RenderedEntry {
  const isTalkOpen = call !== undefined || folded !== undefined
  const broken = [...(cursor.inText ? [textBreak] : []), ...(isTalkOpen ? [talkBreak] : [])]
  return [{ ...cursor, inText: false }, ...broken]
}

/** Ends the line of folded calls. Those without an outcome are forgotten: only a failure is printed for them. */
function endFolded({ folded: _, ...cursor }: TranscriptCursor): RenderedEntry {
  return [cursor, talkBreak]
}

/** Shows a tool call, or its outcome, in the line of folded calls. A call that failed gets a line of its own. */
function foldCall(
  cursor: TranscriptCursor,
  entry: TranscriptEntry & { type: 'call-started' | 'call-ended' },
  style: TranscriptStyle & FoldedCallsStyle,
): RenderedEntry {
  const { folded, inText, streamed } = cursor
  if (entry.type === 'call-started') {
    const calls = addFoldedCall(folded, entry.callId, entry.call)
    const broken = inText && style.together ? [textBreak] : []
    const isInText = inText && !style.together
    return [
      { inText: isInText, streamed, folded: calls },
      ...broken,
      { to: 'talk', text: formatFoldedCallsLine(calls, style) },
    ]
  }
  const call = folded?.open.get(entry.callId)
  if (folded === undefined || call === undefined) {
    return entry.problem === undefined ? [cursor] : writeOutcome(cursor, entry, style)
  }
  const calls = endFoldedCall(folded, entry.callId)
  if (entry.problem === undefined) {
    return [
      { ...cursor, folded: calls },
      { to: 'talk', text: formatFoldedCallsLine(calls, style) },
    ]
  }
  const failure = `${style.paint('dim', escapeForTerminal(call))} → ${style.paint('red', `failed: ${entry.problem}`)}\n`
  return [
    { inText, streamed },
    { to: 'talk', text: formatFoldedLineEnd(calls, style) + failure },
  ]
}

const textBreak: TranscriptOutput = { to: 'text', text: '\n' }
const talkBreak: TranscriptOutput = { to: 'talk', text: '\n' }

function writeText({ call, ...cursor }: TranscriptCursor, text: string): RenderedEntry {
  const broken = call === undefined ? [] : [talkBreak]
  return [
    { ...cursor, inText: !text.endsWith('\n') },
    ...broken,
    { to: 'text', text: escapeForTerminal(text) },
  ]
}

function writeMessage(cursor: TranscriptCursor, message: string): RenderedEntry {
  const [whole, streamed] = [message.trim(), cursor.streamed.trim()]
  const isStreamed = streamed !== '' && streamed.endsWith(whole)
  const continues = streamed !== '' && whole.startsWith(streamed)
  const rest = isStreamed ? '' : whole.slice(continues ? streamed.length : 0)
  const broken = cursor.inText && !isStreamed && !continues ? [textBreak] : []
  const [next, ...pieces]: RenderedEntry = rest === '' ? [cursor] : writeText(cursor, rest)
  return [{ ...next, inText: false, streamed: '' }, ...broken, ...pieces, ...(next.inText ? [textBreak] : [])]
}

function writeTalk(
  { call, ...cursor }: TranscriptCursor,
  text: string,
  { together }: TranscriptStyle,
): RenderedEntry {
  const broken = [
    ...(call === undefined ? [] : [talkBreak]),
    ...(cursor.inText && together ? [textBreak] : []),
  ]
  return [{ ...cursor, inText: cursor.inText && !together }, ...broken, { to: 'talk', text }]
}

function writeOutcome(
  cursor: TranscriptCursor,
  entry: TranscriptEntry & { type: 'call-ended' },
  style: TranscriptStyle,
): RenderedEntry {
  const { callId, tool, problem, at } = entry
  const { call, ...rest } = cursor
  const outcome =
    problem === undefined ? style.paint('green', 'ok') : style.paint('red', `failed: ${problem}`)
  if (call === callId) return [rest, { to: 'talk', text: ` → ${outcome}\n` }]
  return writeTalk(
    cursor,
    `${style.stamp(at)}${style.paint('dim', escapeForTerminal(tool))} → ${outcome}\n`,
    style,
  )
}

/** Formats a note; its lines after the first are indented to the text of the first. */
function noteText({ at, text, tone }: Note, { paint, stamp }: TranscriptStyle): string {
  const head = stamp(at)
  const [first = '', ...others] = escapeForTerminal(text)
    .trimEnd()
    .split('\n')
    .map((line) => paint(tone, line))
  return [paint('dim', head) + first, ...others.map((line) => ' '.repeat(head.length) + line)].join('\n')
}

type Note = { at: number; text: string; tone: TextTone }
