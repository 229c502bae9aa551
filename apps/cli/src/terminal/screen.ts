import type { TextTone } from './paint.js'

/** A text at a column of a screen line; the first column is 0. The text must be one of `screen-text.ts`. */
export type ScreenCell = { column: number; text: string; tone: TextTone }

/** A line of a full screen: its cells from left to right, which do not overlap. */
export type ScreenLine = readonly ScreenCell[]

/** What a full screen shows. `cursor` is where the person types; without it the cursor is hidden. */
export type ScreenFrame = {
  lines: readonly ScreenLine[]
  cursor?: { row: number; column: number } | undefined
}

/**
 * A key that a person presses. `name` is its character, or the name that `node:readline` gives to it, such as `up` or `return`; a pasted
 * text has the name `paste`. `text` is the text that it types, empty for keys that type none.
 */
export type ScreenKey = { name: string; text: string; ctrl: boolean }

export type ScreenSize = { columns: number; rows: number }

/** The whole screen of the terminal, for a command that draws it and reads single keys. */
export type FullScreen = {
  size(): ScreenSize
  /** Draws a frame: writes only the lines that changed since the last one. Resolves when the terminal has taken them. */
  draw(frame: ScreenFrame): Promise<void>
  onKey(listener: (key: ScreenKey) => void): void
  /** Calls the listener when the size has changed, or when all must be drawn again because another program had the terminal. */
  onResize(listener: () => void): void
  /** Draws the whole next frame, not only what changed. */
  redraw(): void
  /** Restores the terminal and stops the process, as Ctrl-Z does elsewhere; takes the screen again when the process continues. */
  suspend(): void
}
