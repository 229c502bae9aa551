import {
  decideToolCall,
  createDiskToolCallContext,
  parseToolCall,
  type ToolCallContext,
} from '@subagent-mcp/permissions'
import { isPathInside } from '@subagent-mcp/contract'
import type { ToolCallJudge } from './tool-call-ruling.js'

/** Commands that run a project's tests and are allowed, by folder: absolute, below `~/`, or `*` for every folder. */
export type AllowedTestCommands = Readonly<Record<string, readonly string[]>>

/** The options of `createToolCallJudge`, which decides tool calls by the policy. */
export type ToolCallJudgeOptions = {
  testCommands?: AllowedTestCommands
  /** The folder that `~` in rules stands for. Default: the home folder of this process's user. */
  home?: string
  /** The folder of subagent-mcp's own state. Only a person may allow calls on it, as its files open the daemon. */
  ownHome?: string
  /** Absolute paths of files that count as credentials whatever they are called. */
  secretFiles?: readonly string[]
}

/** Creates the function that decides tool calls, by the agent's authority and the files that a call touches. */
export function createToolCallJudge({
  testCommands = {},
  home,
  ...secrets
}: ToolCallJudgeOptions = {}): ToolCallJudge {
  return (request, { provider, cwd, source = cwd, authority }) => {
    const place = createDiskToolCallContext(cwd, home, secrets)
    const policy = { ...authority, testCommands: commandsIn(testCommands, source, place) }
    return decideToolCall(policy, parseToolCall(provider, request, place), place)
  }
}

/** The test commands that are allowed for a folder: its own, those of the folders around it, and those of `*`. */
function commandsIn(
  testCommands: AllowedTestCommands,
  folder: string,
  { home, realPath }: ToolCallContext,
): readonly string[] {
  const place = realPath(folder)
  return Object.entries(testCommands).flatMap(([key, commands]) => {
    if (key === '*') return commands
    const path = realPath(key.startsWith('~/') ? home + key.slice(1) : key)
    return isPathInside(path, place) ? commands : []
  })
}
