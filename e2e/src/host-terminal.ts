import { startLimit } from '@subagent-mcp/testkit'
import xterm, { type Terminal } from '@xterm/headless'
import { execa } from 'execa'

/** A program that runs in a pseudo terminal of 80 columns. */
export type HostTerminal = {
  /** The text of the whole screen. */
  screen(): string
  /** The text of the line in which the cursor is, without trailing spaces. */
  cursorLine(): string
  /** The screen with its colours. */
  terminal: Terminal
  /** Sends keys to the program. */
  press(keys: string): void
  /** Presses Ctrl-C until the program exits, and kills it after a limit. */
  close(): Promise<void>
}

type TerminalOptions = {
  line: readonly string[]
  cwd: string
  environment: Record<string, string>
  /** The height of the terminal. Default: 40. */
  rows?: number
}

/** Starts a program in a pseudo terminal, with `script` of util-linux. */
export function openHostTerminal({ line, cwd, environment, rows = 40 }: TerminalOptions): HostTerminal {
  const columns = 80
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  const quoted = line.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ')
  const command = `stty rows ${rows} cols ${columns}; exec ${quoted}`
  const child = execa('script', ['-q', '-e', '-c', command, '/dev/null'], {
    cwd,
    env: { ...environment, TERM: 'xterm-256color' },
    extendEnv: false,
    reject: false,
    buffer: false,
  })
  let isOver = false
  const over = child.then(() => (isOver = true))
  const press = (keys: string): void => {
    if (!isOver) child.stdin.write(keys)
  }
  child.stdout.on('data', (output: Buffer) => {
    terminal.write(output)
  })
  terminal.onData(press) // its replies to queries of the program
  return {
    screen: () => screenText(terminal),
    cursorLine: () => screenText(terminal).split('\n')[terminal.buffer.active.cursorY]?.trimEnd() ?? '',
    terminal,
    press,
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

/** Returns the lines of the screen, without trailing spaces. */
function screenText({ buffer: { active }, rows }: Terminal): string {
  const lines = Array.from({ length: rows }, (_, row) => active.getLine(active.baseY + row))
  return lines.map((line) => line?.translateToString(true) ?? '').join('\n')
}
