import { startLimit } from '@subagent-mcp/testkit'
import xterm, { type Terminal } from '@xterm/headless'
import { execa } from 'execa'
import { readFileSync, readlinkSync } from 'node:fs'

/** A program that runs in a pseudo terminal. */
export type HostTerminal = {
  /** The text of the whole screen. */
  screen(): string
  /** The text of the line in which the cursor is, without trailing spaces. */
  cursorLine(): string
  /** The screen with its colours. */
  terminal: Terminal
  /** Everything that the program wrote, with its control sequences. */
  written(): string
  /** Changes the size of the terminal, of which the program gets a signal. */
  resize(columns: number, rows: number): Promise<void>
  /** Sends keys to the program. */
  press(keys: string): void
  /** Presses Ctrl-C until the program exits, and kills it after a limit. */
  close(): Promise<void>
}

type TerminalOptions = {
  line: readonly string[]
  cwd: string
  environment: Record<string, string>
  /** The width of the terminal. Default: 80. */
  columns?: number
  /** The height of the terminal. Default: 40. */
  rows?: number
}

/** Starts a program in a pseudo terminal, with `script` of util-linux. */
export function openHostTerminal({
  line,
  cwd,
  environment,
  columns = 80,
  rows = 40,
}: TerminalOptions): HostTerminal {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  const quoted = line.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ')
  const command = `stty rows ${rows} cols ${columns}; exec ${quoted}`
  const child = execa('script', ['-q', '-e', '-c', command, '/dev/null'], {
    cwd,
    env: { TERM: 'xterm-256color', ...environment },
    extendEnv: false,
    reject: false,
    buffer: false,
  })
  let isOver = false
  let written = ''
  const over = child.then(() => (isOver = true))
  const press = (keys: string): void => {
    if (!isOver) child.stdin.write(keys)
  }
  child.stdout.on('data', (output: Buffer) => {
    written += String(output)
    terminal.write(output)
  })
  terminal.onData(press) // its replies to queries of the program
  return {
    screen: () => screenText(terminal),
    cursorLine: () => screenText(terminal).split('\n')[terminal.buffer.active.cursorY]?.trimEnd() ?? '',
    terminal,
    press,
    written: () => written,
    resize: async (toColumns, toRows) => {
      const [program = 0] = childrenOf(child.pid ?? 0)
      terminal.resize(toColumns, toRows)
      const size = ['rows', `${toRows}`, 'cols', `${toColumns}`]
      await execa('stty', ['-F', readlinkSync(`/proc/${program}/fd/0`), ...size])
    },
    close: async () => {
      const limit = startLimit(10_000)
      while (!isOver) {
        press('\u0003')
        await Promise.race([over, new Promise((resolve) => setTimeout(resolve, 200))])
        if (await limit.isOver()) child.kill('SIGKILL')
      }
    },
  }
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
}

/** Returns the lines of the screen, without trailing spaces. */
function screenText({ buffer: { active }, rows }: Terminal): string {
  const lines = Array.from({ length: rows }, (_, row) => active.getLine(active.baseY + row))
  return lines.map((line) => line?.translateToString(true) ?? '').join('\n')
}
