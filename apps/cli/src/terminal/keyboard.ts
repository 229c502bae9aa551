import { Transform } from 'node:stream'

/** The keyboard, as far as it is needed here. */
type Keyboard = NodeJS.ReadableStream & { setRawMode(mode: boolean): unknown }

/** For how long a question is seen before what is typed is its answer, in milliseconds. */
const readingTime = 300

/**
 * What is typed once the question that is asked now has been seen, until `close` is called; Ctrl-C at any time. What
 * was typed before, or without looking, is thrown away: it was not meant for this question.
 */
export function typedSince(keyboard: Keyboard): { typed: Keyboard & Transform; close(): void } {
  let isSeen = false
  const gate = new Transform({
    transform: (keys: Buffer, _, done) => {
      done(null, isSeen ? keys : keys.includes(interrupt) ? Buffer.of(interrupt) : undefined)
    },
  })
  // What the system still holds is read before that, also after a time in which nothing could be read.
  const timer = setTimeout(() => setImmediate(() => (isSeen = true)), readingTime)
  keyboard.pipe(gate)
  return {
    typed: Object.assign(gate, { setRawMode: (mode: boolean) => keyboard.setRawMode(mode) }),
    close: () => {
      clearTimeout(timer)
      keyboard.unpipe(gate)
      keyboard.pause()
    },
  }
}

/** Ctrl-C, as a keyboard sends it while a line is read. */
const interrupt = 3
