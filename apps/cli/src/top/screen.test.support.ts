import type { FullScreen, ScreenFrame, ScreenSize } from '../terminal/screen.js'

/** A full screen in memory: the test reads its lines, and presses keys. */
export type TestScreen = FullScreen & {
  /** The lines of the newest frame. */
  lines(): string[]
  /** Presses a key: a character, or the name of a key such as `return`. */
  press(...keys: string[]): void
  resize(size: ScreenSize): void
  /** What the program asked of the screen besides frames. */
  asked: ('redraw' | 'suspend')[]
}

/** Creates an empty screen. */
export function createTestScreen(size: ScreenSize = { columns: 80, rows: 24 }): TestScreen {
  let frame: ScreenFrame = { lines: [] }
  let current = size
  let onKey: Parameters<FullScreen['onKey']>[0] = () => undefined
  let onResize = (): void => undefined
  const asked: TestScreen['asked'] = []
  return {
    asked,
    size: () => current,
    draw: (next) => {
      frame = next
      return Promise.resolve()
    },
    onKey: (listener) => {
      onKey = listener
    },
    onResize: (listener) => {
      onResize = listener
    },
    redraw: () => asked.push('redraw'),
    suspend: () => asked.push('suspend'),
    lines: () =>
      frame.lines.map((line) =>
        line.reduce((text, cell) => text.padEnd(cell.column) + cell.text, '').trimEnd(),
      ),
    press: (...keys) => {
      for (const name of keys) onKey({ name, text: /^[^]$/u.test(name) ? name : '', ctrl: false })
    },
    resize: (next) => {
      current = next
      onResize()
    },
  }
}
