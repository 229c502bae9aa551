import type { Clock } from '@subagent-mcp/contract'
import { homedir } from 'node:os'
import { startChild, type ChildExit } from './child.js'
import type { Watchdog } from './watchdog.js'

/** The command to run, and its time limit. */
export type BriefRun = {
  command: string
  args: readonly string[]
  environment: Readonly<Record<string, string>>
  watchdog: Watchdog
  clock: Clock
  deadlineMs: number
}

/** The exit of a briefly run command, and its stdout. */
export type CommandResult = { exit: ChildExit; output: string }

/** Runs a command without input until it exits. Kills it at the deadline. */
export function runBriefly({ clock, deadlineMs, ...run }: BriefRun): Promise<CommandResult> {
  return new Promise((resolve) => {
    const lines: string[] = []
    const child = startChild({
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
