import type { Paint } from './paint.js'

/** What a command sees of the terminal that it runs on, and of who sits there. */
export type Terminal = {
  /** For results alone. */
  stdout: Screen
  /** For talk. */
  stderr: Screen
  /** All of stdin. */
  readInput(): Promise<string>
  /** Whether stdin is a keyboard, and no file or pipe. */
  hasKeyboard: boolean
  /** Whether a sub-agent runs the command, at whatever kind of terminal: it is no person. */
  isInsideAgent(): boolean
  /** Asks the person who is there; without one it is missing. Once `signal` aborts nothing is answered, in a new line. */
  ask?: ((question: string, signal: AbortSignal) => Promise<string | undefined>) | undefined
  /** Calls `listener` at Ctrl-C, which then does not end the process, until the returned function is called. */
  onInterrupt(listener: () => void): () => void
  /**
   * Calls `listener` when a write finds that nobody reads stdout any more, which then does not end the process, until
   * the returned function is called.
   */
  onUnread(listener: () => void): () => void
  /** Unix milliseconds. */
  now(): number
  cwd: string
  home: string
  environment: NodeJS.ProcessEnv
}

/** One of the two streams that a command writes to. */
export type Screen = {
  /** Resolves when it is written. Control characters of models must have been taken out. */
  print(text: string): Promise<void>
  paint: Paint
  /** Its size; missing where it is no terminal, and lines may be of any length. */
  size(): { columns: number; rows: number } | undefined
}
