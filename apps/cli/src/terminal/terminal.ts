import type { FullScreen } from './screen.js'
import type { TextPaint } from './paint.js'

/** The terminal or pipes that a command runs on, the person who may sit there, and the process's surroundings. */
export type Terminal = {
  /** The stream for results only. */
  stdout: TextOutput
  /** The stream for messages that are not part of the result. */
  stderr: TextOutput
  /** Reads all of stdin. */
  readInput(): Promise<string>
  /** Whether stdin is a keyboard, in contrast to a file or pipe. */
  hasKeyboard: boolean
  /** Whether a sub-agent runs the command. It does not count as a person, even at a terminal. */
  isInsideAgent(): boolean
  /** Asks the person at the terminal; absent if no person is there. Returns `undefined` when the input ends or `signal` aborts. */
  ask?: ((question: string, signal: AbortSignal) => Promise<string | undefined>) | undefined
  /**
   * Runs a command on the whole screen, and restores the terminal afterwards. Absent where stdin or stdout is no terminal, and with
   * `TERM=dumb`.
   */
  fullScreen?: ((run: (screen: FullScreen) => Promise<number>) => Promise<number>) | undefined
  /** Calls `listener` at Ctrl-C, which then does not end the process, until the returned function is called. */
  onInterrupt(listener: () => void): () => void
  /**
   * Calls `listener` when a write fails because the reader of stdout has closed it, which then does not end the process,
   * until the returned function is called.
   */
  onUnread(listener: () => void): () => void
  /** Returns the current time in Unix milliseconds. */
  now(): number
  cwd: string
  home: string
  environment: NodeJS.ProcessEnv
}

/** The stdout or stderr of a command. */
export type TextOutput = {
  /** Resolves when the text is written. The caller must have removed control characters of models. */
  print(text: string): Promise<void>
  paint: TextPaint
  /** The size of the terminal; `undefined` for a file or pipe, where lines may be of any length. */
  size(): { columns: number; rows: number } | undefined
}
