import { unpainted } from './paint.js'
import type { Screen, Terminal } from './terminal.js'

/** A terminal that the test reads, and types on. */
export type HandTerminal = Terminal & {
  /** What was printed so far. */
  said: { stdout: string; stderr: string }
  /** Makes it a screen of that size: otherwise it is a pipe, with nobody to ask. */
  widen(size: { columns: number; rows: number }): void
  /** What the person answers to the next questions. Without it a question waits. */
  type(...answers: string[]): void
  /** Presses Ctrl-C. */
  interrupt(): void
  input: string
}

/** Nothing is printed yet. */
export function createHandTerminal({ cwd, now }: { cwd: string; now: () => number }): HandTerminal {
  const said = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  let size: ReturnType<Screen['size']>
  const screen = (name: keyof typeof said): Screen => ({
    print: (text) => {
      said[name] += text
      return Promise.resolve()
    },
    paint: unpainted,
    size: () => size,
  })
  const typed: string[] = []
  const terminal: HandTerminal = {
    said,
    stdout: screen('stdout'),
    stderr: screen('stderr'),
    readInput: () => Promise.resolve(terminal.input),
    onInterrupt: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    now,
    cwd,
    home: '/home/me',
    environment: { KEY: 'value' },
    input: '',
    widen: (wider) => {
      size = wider
      terminal.ask ??= answerFrom(typed, said)
    },
    type: (...answers) => typed.push(...answers),
    interrupt: () => {
      for (const listener of listeners) listener()
    },
  }
  return terminal
}

function answerFrom(typed: string[], said: { stderr: string }): NonNullable<Terminal['ask']> {
  return (question, signal) => {
    said.stderr += question
    const answer = typed.shift()
    if (answer !== undefined) return Promise.resolve(answer)
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        resolve(undefined)
      })
    })
  }
}
