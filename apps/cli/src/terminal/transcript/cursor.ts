import type { Paint, Tone } from '../paint.js'
import { plainText } from '../text.js'
import type { Passage } from './entry.js'

/** Something to print: what the model says, or talk about it. */
export type Piece = { to: 'text' | 'talk'; text: string }

/** Where the pen stands: in a line of text, in the line of a call that has no outcome yet; and what was streamed. */
export type Pen = { inText: boolean; call?: string; streamed: string }

/** How lines look. `together`: text and talk share a screen, so neither may go on in a line of the other. */
export type PenStyle = { paint: Paint; stamp: (at: number) => string; together: boolean }

/** Where the pen stands then, and what is printed. */
export type Written = readonly [Pen, ...Piece[]]

/** At the beginning of a line. */
export const freshPen: Pen = { inText: false, streamed: '' }

/** Puts a passage into lines. A message that was streamed is not printed again. */
export function writePassage(pen: Pen, passage: Passage, style: PenStyle): Written {
  switch (passage.type) {
    case 'said-part':
      return writeText({ ...pen, streamed: pen.streamed + passage.text }, passage.text)
    case 'said':
      return writeMessage(pen, passage.text)
    case 'note':
    case 'turn-ended':
      return writeTalk(pen, `${noteText(passage, style)}\n`, style)
    case 'call-started': {
      const { at, call: text, callId: call } = passage
      const [next, ...pieces] = writeTalk(pen, noteText({ at, text, tone: 'dim' }, style), style)
      return [{ ...next, call }, ...pieces]
    }
    case 'call-ended':
      return writeOutcome(pen, passage, style)
  }
}

/** Ends the lines that are being written. */
export function liftPen({ call, ...pen }: Pen): Written {
  const broken = [...(pen.inText ? [textBreak] : []), ...(call === undefined ? [] : [talkBreak])]
  return [{ ...pen, inText: false }, ...broken]
}

const textBreak: Piece = { to: 'text', text: '\n' }
const talkBreak: Piece = { to: 'talk', text: '\n' }

function writeText({ call, ...pen }: Pen, text: string): Written {
  const broken = call === undefined ? [] : [talkBreak]
  return [{ ...pen, inText: !text.endsWith('\n') }, ...broken, { to: 'text', text: plainText(text) }]
}

function writeMessage(pen: Pen, message: string): Written {
  const [whole, streamed] = [message.trim(), pen.streamed.trim()]
  const isStreamed = streamed !== '' && streamed.endsWith(whole)
  const goesOn = streamed !== '' && whole.startsWith(streamed)
  const rest = isStreamed ? '' : whole.slice(goesOn ? streamed.length : 0)
  const broken = pen.inText && !isStreamed && !goesOn ? [textBreak] : []
  const [next, ...pieces]: Written = rest === '' ? [pen] : writeText(pen, rest)
  return [{ ...next, inText: false, streamed: '' }, ...broken, ...pieces, ...(next.inText ? [textBreak] : [])]
}

function writeTalk({ call, ...pen }: Pen, text: string, { together }: PenStyle): Written {
  const broken = [...(call === undefined ? [] : [talkBreak]), ...(pen.inText && together ? [textBreak] : [])]
  return [{ ...pen, inText: pen.inText && !together }, ...broken, { to: 'talk', text }]
}

function writeOutcome(pen: Pen, passage: Passage & { type: 'call-ended' }, style: PenStyle): Written {
  const { callId, tool, problem, at } = passage
  const { call, ...rest } = pen
  const outcome =
    problem === undefined ? style.paint('green', 'ok') : style.paint('red', `failed: ${problem}`)
  if (call === callId) return [rest, { to: 'talk', text: ` → ${outcome}\n` }]
  return writeTalk(pen, `${style.stamp(at)}${style.paint('dim', plainText(tool))} → ${outcome}\n`, style)
}

/** Lines after the first stand below its text. */
function noteText({ at, text, tone }: Note, { paint, stamp }: PenStyle): string {
  const head = stamp(at)
  const [first = '', ...others] = plainText(text)
    .trimEnd()
    .split('\n')
    .map((line) => paint(tone, line))
  return [paint('dim', head) + first, ...others.map((line) => ' '.repeat(head.length) + line)].join('\n')
}

type Note = { at: number; text: string; tone: Tone }
