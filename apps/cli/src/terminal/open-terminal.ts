import { SubagentError } from '@subagent-mcp/contract'
import { depthOf } from '@subagent-mcp/driver-kit'
import { homedir } from 'node:os'
import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import type { WriteStream } from 'node:tty'
import { paintFor } from './paint.js'
import type { Screen, Terminal } from './terminal.js'
import { typedSince } from './keyboard.js'

/** The terminal of this process; `unread` resolves once nobody reads its stdout any more, and no one listens for that. */
export function openTerminal(): { terminal: Terminal; unread: Promise<void> } {
  // Whoever closed stderr does not want to hear.
  process.stderr.on('error', () => undefined)
  const listeners = new Set<() => void>()
  const onUnread: Terminal['onUnread'] = (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const unread = new Promise<void>((resolve) => {
    process.stdout.on('error', () => {
      if (listeners.size === 0) resolve()
      for (const listener of listeners) listener()
    })
  })
  return { terminal: ownTerminal(onUnread), unread }
}

function ownTerminal(onUnread: Terminal['onUnread']): Terminal {
  return {
    stdout: screen(process.stdout),
    stderr: screen(process.stderr),
    readInput: () => text(process.stdin),
    hasKeyboard: process.stdin.isTTY,
    isInsideAgent,
    get ask() {
      return process.stdin.isTTY && process.stderr.isTTY && !isInsideAgent() ? ask : undefined
    },
    onInterrupt: (listener) => {
      process.on('SIGINT', listener)
      return () => process.off('SIGINT', listener)
    },
    onUnread,
    now: () => Date.now(),
    cwd: currentFolder(),
    home: homedir(),
    environment: { ...process.env },
  }
}

/** Looked up once, and not before it is needed: most commands ask nothing. */
function isInsideAgent(): boolean {
  return (insideAgent ??= depthOf({ environment: process.env, pid: process.pid }) > 0)
}

let insideAgent: boolean | undefined

function screen(stream: WriteStream): Screen {
  return {
    print: (text) =>
      new Promise((resolve) => {
        stream.write(text, () => {
          resolve()
        })
      }),
    paint: paintFor(stream.isTTY, process.env),
    // A terminal may not know its size, and then says 0.
    size: () => (stream.isTTY ? { columns: stream.columns || 80, rows: stream.rows || 24 } : undefined),
  }
}

/** A line from the keyboard. Ctrl-C is passed on: while a line is read the terminal makes no signal of it. */
async function ask(question: string, signal: AbortSignal): Promise<string | undefined> {
  const { typed, close } = typedSince(process.stdin)
  const lines = createInterface({ input: typed, output: process.stderr, terminal: true })
  const closed = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)))
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

/** @throws SubagentError `cwd-missing` when it was removed since */
function currentFolder(): string {
  try {
    return process.cwd()
  } catch {
    throw new SubagentError('cwd-missing', 'the folder in which this was started is gone', {
      hint: 'start it in another one',
    })
  }
}
