import { paintNothing } from './paint.js'
import type { TextOutput, Terminal } from './terminal.js'

/** A terminal in memory: the test reads its output, and types its input. */
export type TestTerminal = Terminal & {
  /** The text printed so far. */
  said: { stdout: string; stderr: string }
  /** Makes the terminal a screen of a size, with a person at it; initially it is a pipe without a person. */
  widen(size: { columns: number; rows: number }): void
  /** Queues the person's answers to the next questions; `undefined` is Ctrl-D. A question without an answer waits. */
  type(...answers: (string | undefined)[]): void
  /** Presses Ctrl-C. */
  interrupt(): void
  /** Closes the reader's end of stdout. */
  leave(): void
  input: string
}

/** Creates a test terminal: a pipe without a person, with nothing printed. */
export function createTestTerminal({ cwd, now }: { cwd: string; now: () => number }): TestTerminal {
  const said = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  const unreadListeners = new Set<() => void>()
  let size: ReturnType<TextOutput['size']>
  const screen = (name: keyof typeof said): TextOutput => ({
    print: (text) => {
      said[name] += text
      return Promise.resolve()
    },
    paint: paintNothing,
    size: () => size,
  })
  const typed: (string | undefined)[] = []
  const terminal: TestTerminal = {
    said,
    stdout: screen('stdout'),
    stderr: screen('stderr'),
    readInput: () => Promise.resolve(terminal.input),
    hasKeyboard: false,
    isInsideAgent: () => false,
    onInterrupt: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onUnread: (listener) => {
      unreadListeners.add(listener)
      return () => unreadListeners.delete(listener)
    },
    now,
    cwd,
    home: '/home/me',
    environment: { KEY: 'value' },
    input: '',
    widen: (wider) => {
      size = wider
      terminal.hasKeyboard = true
      terminal.ask ??= answerFrom(typed, said)
    },
    type: (...answers) => typed.push(...answers),
    interrupt: () => {
      for (const listener of listeners) listener()
    },
    leave: () => {
      for (const listener of unreadListeners) listener()
    },
  }
  return terminal
}

function answerFrom(typed: (string | undefined)[], said: { stderr: string }): NonNullable<Terminal['ask']> {
  return (question, signal) => {
    said.stderr += question
    if (typed.length > 0) return Promise.resolve(typed.shift())
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        said.stderr += '\n'
        resolve(undefined)
      })
    })
  }
}
