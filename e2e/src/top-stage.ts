import { untilTrue } from '@subagent-mcp/testkit/patience'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openHostTerminal, type HostTerminal } from './host-terminal.js'
import { serverScript } from './mcp-host.js'
import { processesOf } from './processes.js'
import { serverEnvironment, type EnvVariables, type ServerStage } from './server-stage.js'

/** `subagent-mcp top` in a terminal, started by a shell that shows the terminal's state before and after it. */
export type TopTerminal = HostTerminal & {
  /** Resolves when the screen contains a text or matches an expression. */
  shows(text: string | RegExp): Promise<void>
  /** Returns the pid of `top`. */
  pid(): number
  /** Waits until `top` has ended, and returns how it left the terminal. */
  left(): Promise<LeftTerminal>
}

/** The exit code of `top`, and the state of the terminal after it. */
export type LeftTerminal = {
  exitCode: number
  /** Whether the old text is on the screen, and how many different modes (stty) the terminal had. */
  hasOldText: boolean
  modes: number
  screen: 'normal' | 'alternate'
  isCursorShown: boolean
  wrapsLines: boolean
  marksPastedText: boolean
}

/** The state of a terminal that is as before. */
export const asBefore: Omit<LeftTerminal, 'exitCode'> = {
  hasOldText: true,
  modes: 1,
  screen: 'normal',
  isCursorShown: true,
  wrapsLines: true,
  marksPastedText: false,
}

type TopOptions = { columns?: number; rows?: number; variables?: EnvVariables }

/** Opens `top` in the home of a stage, runs a test in it, and closes it. */
export async function inTop(
  { home }: Pick<ServerStage, 'home'>,
  run: (top: TopTerminal) => Promise<void>,
  { columns = 80, rows = 24, variables = {} }: TopOptions = {},
): Promise<void> {
  // In a shell with job control, as a person has it, Ctrl-Z stops the program, and `fg` continues it.
  const script = join(home.home, 'top.sh')
  const line = [
    'set -m',
    'echo before',
    'echo "modes $(stty -g);"',
    `'${process.execPath}' '${serverScript}' top`,
  ]
  const after = [
    'code=$?',
    'while [ $code = 148 ]; do echo stopped; echo "modes $(stty -g);"; read answer; fg; code=$?; done',
  ]
  writeFileSync(
    script,
    [...line, ...after, 'echo "exit code $code"', 'echo "modes $(stty -g);"', 'exec cat'].join('\n'),
  )
  const terminal = openHostTerminal({
    line: ['bash', script],
    cwd: home.cwd,
    environment: serverEnvironment(home, variables),
    ...{ columns, rows },
  })
  const shows = (text: string | RegExp): Promise<void> => untilShown(terminal, text)
  const pid = (): number => {
    const found = processesOf(home.home).find(({ command }) => command.includes(`${serverScript} top`))
    if (!found) throw new Error('top does not run')
    return found.pid
  }
  const left = async (): Promise<LeftTerminal> => {
    await shows(/exit code \d+\s+modes [^;]*;/)
    return readLeft(terminal)
  }
  try {
    await run({ ...terminal, shows, pid, left })
  } finally {
    await terminal.close()
  }
}

async function untilShown({ screen }: HostTerminal, text: string | RegExp): Promise<void> {
  try {
    await untilTrue(() => (typeof text === 'string' ? screen().includes(text) : text.test(screen())))
  } catch (cause) {
    throw new Error(`the screen does not show ${String(text)}:\n${screen()}`, { cause })
  }
}

function readLeft({ screen, terminal, written }: HostTerminal): LeftTerminal {
  const text = screen().replaceAll('\n', '')
  const modes = [...text.matchAll(/modes ([\da-f:]+);/g)].map(([, each]) => each)
  const { bracketedPasteMode, wraparoundMode } = terminal.modes
  return {
    exitCode: Number(/exit code (\d+)/.exec(text)?.[1]),
    hasOldText: text.startsWith('before'),
    modes: new Set(modes).size,
    screen: terminal.buffer.active.type,
    isCursorShown: written().lastIndexOf('\u001b[?25h') >= written().lastIndexOf('\u001b[?25l'),
    wrapsLines: wraparoundMode,
    marksPastedText: bracketedPasteMode,
  }
}
