import type { Narrator } from './dialect.js'
import { isContentStep, type ContentStep, type ReplyStep } from '../step.js'
import { stepText } from './usage.js'

/** One part of a reply: a text to write, or a step without content. */
export type Frame = { type: 'write'; text: string } | Exclude<ReplyStep, ContentStep>

/** Splits a reply into frames, in order and lazily, so that a huge reply is never held twice. */
export function* replyFrames(steps: readonly ReplyStep[], narrator: Narrator): Generator<Frame> {
  let content = 0
  for (const step of steps) {
    const opens = content === 0 && (isContentStep(step) || step.type === 'cut')
    if (opens) yield { type: 'write', text: narrator.begin }
    if (!isContentStep(step)) yield step
    else yield* contentFrames(step, narrator.content(step, content++))
  }
  yield { type: 'write', text: `${content === 0 ? narrator.begin : ''}${narrator.end}` }
}

function* contentFrames(step: ContentStep, frame: ReturnType<Narrator['content']>): Generator<Frame> {
  yield { type: 'write', text: frame.before }
  const milliseconds = step.type === 'say' ? step.pauseMilliseconds : undefined
  for (const piece of piecesOf(stepText(step), step.type === 'say' ? (step.pieces ?? 1) : 1)) {
    yield { type: 'write', text: frame.piece(piece) }
    if (milliseconds !== undefined) yield { type: 'delay', milliseconds }
  }
  yield { type: 'write', text: frame.after }
}

/** Cuts a text into pieces between characters, never inside a surrogate pair. */
function* piecesOf(text: string, count: number): Generator<string> {
  let start = 0
  for (let piece = 1; piece <= count; piece++) {
    const even = Math.round((text.length * piece) / count)
    const end = /[\uDC00-\uDFFF]/.test(text.charAt(even)) ? even + 1 : even
    if (end > start) yield text.slice(start, end)
    start = Math.max(start, end)
  }
}
