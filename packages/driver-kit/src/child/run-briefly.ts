import type { Clock } from '@subagent-mcp/contract'
import { homedir } from 'node:os'
import { startChild, type ChildExit } from './child.js'
import type { Watchdog } from './watchdog.js'

/** What to run, and for how long at most. */
export type BriefRun = {
  command: string
  args: readonly string[]
  environment: Readonly<Record<string, string>>
  watchdog: Watchdog
  clock: Clock
  deadlineMs: number
}

/** How a command ended, and all that it wrote to stdout. */
export type Ran = { exit: ChildExit; output: string }

/** Runs a command that asks nothing, to its end or to the deadline. */
export function runBriefly({ clock, deadlineMs, ...run }: BriefRun): Promise<Ran> {
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
