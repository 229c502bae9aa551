import { createInterface } from 'node:readline/promises'
import { Transform } from 'node:stream'

/** The parts of stdin that are needed to ask a person. */
type Keyboard = NodeJS.ReadableStream & { setRawMode(mode: boolean): unknown }

/** Reads a line from the keyboard; `undefined` at its end or once `signal` aborts. Ctrl-C becomes SIGINT of this process. */
export async function readKeyboardLine(question: string, signal: AbortSignal): Promise<string | undefined> {
  const { typed, close } = readKeysTypedFromNow(process.stdin)
  const lines = createInterface({ input: typed, output: process.stderr, terminal: true })
  const closed = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)))
  // The terminal makes no signal of Ctrl-C while a line is read.
  lines.on('SIGINT', () => process.emit('SIGINT') || process.kill(process.pid, 'SIGINT'))
  try {
    return await Promise.race([lines.question(question, { signal }), closed])
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  } finally {
    lines.close()
    close()
  }
}

/** Milliseconds for which a permission request is visible before keys count as its answer. */
const readingTime = 300

/**
 * Passes on what is typed from 300 ms after now until `close` is called, and Ctrl-C at any time. Earlier keys are dropped
 * because they were not meant for this question.
 */
export function readKeysTypedFromNow(keyboard: Keyboard): { typed: Keyboard & Transform; close(): void } {
  let isSeen = false
  const gate = new Transform({
    transform: (keys: Buffer, _, done) => {
      done(null, isSeen ? keys : keys.includes(interrupt) ? Buffer.of(interrupt) : undefined)
    },
  })
  // Keys that the system still holds are read before the immediate runs, even if the event loop was blocked meanwhile.
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

/** The byte that a keyboard sends for Ctrl-C while a line is read. */
const interrupt = 3
