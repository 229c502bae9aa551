import type { Terminal } from '@xterm/headless'
import type { Frame } from './draw-svg.js'
import { readScreen, type ScreenRow } from './read-screen.js'

/** The frames of a terminal from the start of the recording. */
export type Recording = { stop(): Frame[] }

/**
 * Records each screen that a terminal shows, ten times a second. Long pauses are shortened, because nobody has to wait in a
 * picture, and the last screen stays for a while.
 */
export function recordTerminal(terminal: Terminal): Recording {
  const screens: { rows: ScreenRow[]; at: number }[] = []
  const look = (): void => {
    const rows = readScreen(terminal)
    const last = screens.at(-1)
    if (!last || JSON.stringify(last.rows) !== JSON.stringify(rows)) {
      screens.push({ rows, at: performance.now() })
    }
  }
  look()
  const timer = setInterval(look, 100)
  return {
    stop: () => {
      clearInterval(timer)
      look()
      return screens.map(({ rows, at }, index) => {
        const next = screens[index + 1]
        return { rows, shownFor: next ? Math.min(longestPause, next.at - at) : lastScreen }
      })
    },
  }
}

/** In milliseconds. */
const [longestPause, lastScreen] = [1_500, 6_000]
