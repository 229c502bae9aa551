import { SubagentError } from '@subagent-mcp/contract'
import { computeNestingDepth } from '@subagent-mcp/driver-kit'
import { homedir } from 'node:os'
import { text } from 'node:stream/consumers'
import type { WriteStream } from 'node:tty'
import { exitCode, endProcess } from '../exit.js'
import type { FullScreen } from './screen.js'
import { readKeyboardLine } from './keyboard.js'
import { paintForStream } from './paint.js'
import type { TextOutput, Terminal } from './terminal.js'

/**
 * Runs a command on the terminal of this process, and ends the process with the exit code that it returns. When the
 * reader of stdout closes it, as `head` does, the process ends with 0.
 */
export async function runOnTerminal(command: (terminal: Terminal) => Promise<number>): Promise<never> {
  // A closed stderr must not end the command.
  process.stderr.on('error', () => undefined)
  const listeners = new Set<() => void>()
  const unread = new Promise<void>((resolve) => {
    process.stdout.on('error', () => {
      if (listeners.size === 0) resolve()
      for (const listener of listeners) listener()
    })
  })
  const terminal = openTerminal((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  })
  endProcess(await Promise.race([command(terminal), unread.then(() => exitCode.done)]))
}

function openTerminal(onUnread: Terminal['onUnread']): Terminal {
  return {
    stdout: openScreen(process.stdout),
    stderr: openScreen(process.stderr),
    readInput: () => text(process.stdin),
    hasKeyboard: process.stdin.isTTY,
    isInsideAgent,
    get ask() {
      return process.stdin.isTTY && process.stderr.isTTY && !isInsideAgent() ? readKeyboardLine : undefined
    },
    get fullScreen() {
      return process.stdin.isTTY && process.stdout.isTTY && process.env['TERM'] !== 'dumb'
        ? runOnFullScreen
        : undefined
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

async function runOnFullScreen(run: (screen: FullScreen) => Promise<number>): Promise<number> {
  const { runFullScreen } = await import('./full-screen.js')
  return runFullScreen(run, paintForStream(true, process.env))
}

/** Whether an agent's CLI runs this process. Only the first call looks at the parent processes, because few commands ask. */
function isInsideAgent(): boolean {
  return (insideAgent ??= computeNestingDepth({ environment: process.env, pid: process.pid }) > 0)
}

let insideAgent: boolean | undefined

function openScreen(stream: WriteStream): TextOutput {
  return {
    print: (text) =>
      new Promise((resolve) => {
        stream.write(text, () => {
          resolve()
        })
      }),
    paint: paintForStream(stream.isTTY, process.env),
    // A terminal that does not know its size reports 0.
    size: () => (stream.isTTY ? { columns: stream.columns || 80, rows: stream.rows || 24 } : undefined),
  }
}

/** Returns the current folder. @throws SubagentError `cwd-missing` when it was removed */
function currentFolder(): string {
  try {
    return process.cwd()
  } catch {
    throw new SubagentError('cwd-missing', 'the current folder no longer exists', {
      hint: 'run the command in another folder',
    })
  }
}
