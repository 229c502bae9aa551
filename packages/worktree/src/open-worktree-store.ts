import type { Environment } from '@subagent-mcp/driver-kit'
import type { WorktreeStore } from './worktree-store.js'

/** The place of the worktrees, and the environment in which git is found for work on existing ones. */
export type WorktreeStoreOptions = {
  /** The folder of the worktrees, outside the state folder. It is created when it is needed. */
  folder: string
  environment: Environment
}

/** Opens the worktrees in a folder. Nothing is read or written before the first call. */
export function openWorktreeStore({ folder }: WorktreeStoreOptions): WorktreeStore {
  const unfinished = (): never => {
    throw new Error(`not written yet: ${folder}`)
  }
  return {
    create: unfinished,
    list: unfinished,
    find: unfinished,
    changes: unfinished,
    apply: unfinished,
    discard: unfinished,
    branch: unfinished,
    tidy: unfinished,
    recover: unfinished,
  }
}
