import type { Clock } from '@subagent-mcp/contract'
import { homedir } from 'node:os'
import { startChildProcess, type ChildProcessExit } from './child.js'
import type { Watchdog } from './watchdog.js'

export type TimedCommand = {
  command: string
  args: readonly string[]
  environment: Readonly<Record<string, string>>
  watchdog: Watchdog
  clock: Clock
  deadlineMs: number
}

export type CommandResult = { exit: ChildProcessExit; output: string }

/** Runs a command without input until it exits. Kills it at the deadline. */
export function runTimedCommand({ clock, deadlineMs, ...run }: TimedCommand): Promise<CommandResult> {
  return new Promise((resolve) => {
    const lines: string[] = []
    const child = startChildProcess({
      ...run,
      cwd: homedir(),
      onLine: (line) => void lines.push(line),
      onOversizedLine: () => void child.stop('kill'),
      onExit: (exit) => {
        inTime()
        resolve({ exit, output: lines.join('\n') })
      },
    })
    const inTime = clock.after(deadlineMs, () => void child.stop('kill'))
  })
}
