import { decide, placeOnDisk, understandCall, type CallPlace } from '@subagent-mcp/permissions'
import { isInside } from './is-inside.js'
import type { Judge } from './ruling.js'

/** Commands that run a project's tests, by the folder in which they pass: absolute, below `~/`, or `*` for all. */
export type TestCommands = Readonly<Record<string, readonly string[]>>

/** What tool calls are checked against, besides the authority of the agent that makes them. */
export type JudgeOptions = {
  testCommands?: TestCommands
  /** The folder that `~` stands for; the home of this process's user unless given. */
  home?: string
  /** The folder of our own state, whose files open the daemon: calls on them need a person. */
  ownHome?: string
}

/** Checks tool calls against the authority of their agents and the files on this machine's disk. */
export function createJudge({ testCommands = {}, home, ownHome }: JudgeOptions = {}): Judge {
  return (request, { provider, cwd, authority }) => {
    const place = placeOnDisk(cwd, home, ownHome)
    const policy = { ...authority, testCommands: commandsIn(testCommands, place) }
    return decide(policy, understandCall(provider, request, place), place)
  }
}

/** The test commands of `cwd`, of the folders around it and of `*`, whatever project the caller names. */
function commandsIn(testCommands: TestCommands, { cwd, home, realPath }: CallPlace): readonly string[] {
  return Object.entries(testCommands).flatMap(([folder, commands]) => {
    if (folder === '*') return commands
    const path = realPath(folder.startsWith('~/') ? home + folder.slice(1) : folder)
    return isInside(path, cwd) ? commands : []
  })
}
