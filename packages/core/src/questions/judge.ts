import {
  decideToolCall,
  createDiskCallPlace,
  understandCall,
  type CallPlace,
} from '@subagent-mcp/permissions'
import { isInside } from '@subagent-mcp/contract'
import type { Judge } from './ruling.js'

/** Commands that run a project's tests and are allowed, by folder: absolute, below `~/`, or `*` for every folder. */
export type TestCommands = Readonly<Record<string, readonly string[]>>

/** The options of `createJudge`, which decides tool calls by the policy. */
export type JudgeOptions = {
  testCommands?: TestCommands
  /** The folder that `~` in rules stands for. Default: the home folder of this process's user. */
  home?: string
  /** The folder of subagent-mcp's own state. Only a person may allow calls on it, as its files open the daemon. */
  ownHome?: string
}

/** Creates the function that decides tool calls, by the agent's authority and the files that a call touches. */
export function createJudge({ testCommands = {}, home, ownHome }: JudgeOptions = {}): Judge {
  return (request, { provider, cwd, authority }) => {
    const place = createDiskCallPlace(cwd, home, ownHome)
    const policy = { ...authority, testCommands: commandsIn(testCommands, place) }
    return decideToolCall(policy, understandCall(provider, request, place), place)
  }
}

/** The test commands that are allowed in `cwd`: those of its folder, of the folders around it, and of `*`. */
function commandsIn(testCommands: TestCommands, { cwd, home, realPath }: CallPlace): readonly string[] {
  return Object.entries(testCommands).flatMap(([folder, commands]) => {
    if (folder === '*') return commands
    const path = realPath(folder.startsWith('~/') ? home + folder.slice(1) : folder)
    return isInside(path, cwd) ? commands : []
  })
}
