import { constants } from 'node:os'
import { emitKeypressEvents } from 'node:readline'
import { paintChangedLines, paintFrame, type DrawnFrame } from './draw-lines.js'
import type { TextPaint } from './paint.js'
import type { FullScreen, ScreenKey } from './screen.js'

/**
 * Takes the whole screen of this process's terminal for `run`, and restores the terminal afterwards: when `run` ends or throws, at SIGINT,
 * SIGTERM and SIGHUP, and at the exit of the process. Returns the exit code: that of `run`, or 128 plus the number of the signal.
 */
export async function runFullScreen(
  run: (screen: FullScreen) => Promise<number>,
  paint: TextPaint,
): Promise<number> {
  const takeover = takeTerminal()
  const signalled = onSignals()
  try {
    takeover.enter()
    return await Promise.race([run(screenOf(takeover, paint)), signalled.code, takeover.closed])
  } finally {
    takeover.close()
    signalled.close()
  }
}

/** Listens for the signals that end a command. Without a listener they would end the process before the terminal is restored. */
function onSignals(): { code: Promise<number>; close(): void } {
  const listeners: [NodeJS.Signals, () => void][] = []
  const code = new Promise<number>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      const listener = (): void => {
        resolve(128 + constants.signals[signal])
      }
      process.on(signal, listener)
      listeners.push([signal, listener])
    }
  })
  return {
    code,
    close: () => {
      for (const [signal, listener] of listeners) process.off(signal, listener)
    },
  }
}

type Takeover = {
  enter(): void
  leave(): void
  isTaken(): boolean
  /** Leaves the terminal, and removes all listeners. */
  close(): void
  /** Resolves with an exit code when the terminal is gone. */
  closed: Promise<number>
  /** Called when the screen was taken, also again after the process was stopped. */
  onEnter: () => void
}

/** Control sequences: the alternate screen; without a cursor and wrapped lines, with marks around pasted text; and back. */
const openScreen = '\u001b[?1049h'
const setModes = '\u001b[?25l\u001b[?7l\u001b[?2004h'
const restoreScreen = '\u001b[?2004l\u001b[?7h\u001b[?25h\u001b[?1049l'

function takeTerminal(): Takeover {
  let isTaken = false
  const enter = (): void => {
    if (isTaken) return
    isTaken = true
    process.stdin.setRawMode(true)
    process.stdin.resume()
    process.stdout.write(openScreen + setModes)
    takeover.onEnter()
  }
  const leave = (): void => {
    if (!isTaken) return
    isTaken = false
    process.stdout.write(restoreScreen)
    process.stdin.setRawMode(false)
  }
  const takeAgain = (): void => {
    if (!isTaken) {
      enter()
      return
    }
    // Another program has stopped this process, and the shell has set its own modes of the terminal since.
    process.stdin.setRawMode(false)
    process.stdin.setRawMode(true)
    process.stdout.write(setModes)
    takeover.onEnter()
  }
  process.on('SIGCONT', takeAgain)
  process.once('exit', leave)
  const takeover: Takeover = {
    enter,
    leave,
    isTaken: () => isTaken,
    close: () => {
      process.off('SIGCONT', takeAgain)
      process.off('exit', leave)
      leave()
      process.stdin.pause()
    },
    closed: new Promise((resolve) => {
      const end = (): void => {
        resolve(128 + constants.signals.SIGHUP)
      }
      process.stdin.on('end', end).on('error', end)
    }),
    onEnter: () => undefined,
  }
  return takeover
}

function screenOf(takeover: Takeover, paint: TextPaint): FullScreen {
  const { stdout } = process
  let drawn: DrawnFrame | undefined
  return {
    // A terminal that does not know its size reports 0.
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    draw: (frame) => {
      const next = paintFrame(frame, paint)
      // Between a stop of the process and its continuation the screen belongs to the shell.
      const changes = takeover.isTaken() ? paintChangedLines(drawn, next) : ''
      drawn = takeover.isTaken() ? next : undefined
      if (changes === '') return Promise.resolve()
      return new Promise((resolve) => {
        stdout.write(changes, () => {
          resolve()
        })
      })
    },
    onKey: readKeys,
    onResize: (listener) => {
      const drawAll = (): void => {
        drawn = undefined
        listener()
      }
      stdout.on('resize', drawAll)
      takeover.onEnter = drawAll
    },
    redraw: () => {
      drawn = undefined
    },
    suspend: () => {
      if (process.platform === 'win32') return
      takeover.leave()
      // The whole group stops, as by a Ctrl-Z that the terminal handles: a launcher such as npx belongs to it.
      process.kill(0, 'SIGTSTP')
      // Where no shell can continue the process, the system does not stop it.
      setTimeout(takeover.enter, 200)
    },
  }
}

/** Reports each key, and a pasted text as one key: its letters must not count as commands. */
function readKeys(listener: (key: ScreenKey) => void): void {
  let pasted: string | undefined
  emitKeypressEvents(process.stdin)
  process.stdin.on(
    'keypress',
    (sequence: string | undefined, { name = '', ctrl = false, meta = false }: ReadlineKey) => {
      const text = sequence !== undefined && /^\P{Cc}+$/u.test(sequence) ? sequence : ''
      if (name === 'paste-start') pasted = ''
      else if (name === 'paste-end') {
        listener({ name: 'paste', text: pasted ?? '', ctrl: false })
        pasted = undefined
      } else if (pasted !== undefined) pasted += name === 'return' || name === 'enter' ? '\n' : text
      else if (!meta || name === 'escape') listener({ name: text.trim() === '' ? name : text, text, ctrl })
    },
  )
}

/** A key as `node:readline` reports it, beside its character; a character without a name has none. */
type ReadlineKey = { name?: string; ctrl?: boolean; meta?: boolean }
