import { startLimit } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { createTerminalScreen } from './terminal-screen.js'

/** A program that runs in a terminal of 80 columns, as a person would use it. */
export type HostTerminal = {
  /** The whole screen, a line each. */
  screen(): string
  /** Sends keys as the terminal would. */
  press(keys: string): void
  /** Presses Ctrl-C until the program ends; kills it where that does not help. */
  close(): Promise<void>
}

type TerminalOptions = { line: readonly string[]; cwd: string; environment: Record<string, string> }

/** Starts a program in a pseudo terminal, which `script` of util-linux makes. */
export function openHostTerminal({ line, cwd, environment }: TerminalOptions): HostTerminal {
  const [columns, rows] = [80, 40]
  const screen = createTerminalScreen(columns, rows)
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
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (output: string) => {
    press(screen.write(output))
  })
  return {
    screen: () => screen.lines().join('\n'),
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
