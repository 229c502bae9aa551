import { isInside, type Judge } from '@subagent-mcp/core'
import { decide, placeOnDisk, understand, type Place } from '@subagent-mcp/permissions'
import type { TestCommands } from './permission-settings.js'

/** What all calls are held against, besides the authority of whose call it is. */
export type JudgeParts = {
  testCommands: TestCommands
  /** What `~` stands for. */
  home: string
  /** The folder in which everything of ours is kept: what is in it opens the daemon. */
  ownHome?: string
}

/** Holds calls against the authority of their agents, on this machine's disk. */
export function createJudge({ testCommands, home, ownHome }: JudgeParts): Judge {
  return (request, { provider, cwd, authority }) => {
    const place = placeOnDisk(cwd, home, ownHome)
    const policy = { ...authority, testCommands: commandsIn(testCommands, place) }
    return decide(policy, understand(provider, request, place), place)
  }
}

/** Those of the folder itself and of those that it is in, whatever project a caller names; and those of everywhere. */
function commandsIn(testCommands: TestCommands, place: Place): readonly string[] {
  const { cwd, home, realPath } = place
  return Object.entries(testCommands).flatMap(([folder, commands]) => {
    if (folder === '*') return commands
    const path = realPath(folder.startsWith('~/') ? home + folder.slice(1) : folder)
    return isInside(path, cwd) ? commands : []
  })
}
