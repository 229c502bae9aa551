import type { Environment } from '@subagent-mcp/driver-kit'

/** A private copy of a git repository, in which one agent works. */
export type Worktree = {
  /** The id that `create` was given: usually that of the agent. */
  id: string
  /** The absolute path of the folder in which the agent works: the same path below `root` as the caller's folder below `source`. */
  folder: string
  /** The absolute path of the copy's root. */
  root: string
  /** The real path of the root of the user's checkout, from which the copy was made and to which changes are applied. */
  source: string
  /** The commit id of the base: what the copy had when it was made, or what the last apply delivered. */
  base: string
  /** Files that git cannot hold and that were left out, one short line each, such as `lib/ (a submodule, whose files stay behind)`. */
  left: readonly string[]
}

/** A file that differs between two states. */
export type ChangedWorktreeFile = {
  /** The path relative to the root, with `/` between its parts. */
  path: string
  status: 'added' | 'modified' | 'deleted' | 'renamed'
  /** The earlier path of a renamed file. */
  from?: string
  /** The number of added lines; undefined for a binary file. */
  added?: number
  /** The number of removed lines; undefined for a binary file. */
  removed?: number
}

/** The differences between the base of a worktree and its files now. */
export type WorktreeChanges = {
  /** The commit id of the base. */
  base: string
  /** The id of the git tree that `apply` would deliver: two equal ids mean equal files. */
  tree: string
  files: readonly ChangedWorktreeFile[]
  /** The diff as text, in the form of `git diff`, at most 16 MiB long. */
  patch: string
  /** Whether the end of `patch` is missing because it is longer. */
  patchCut: boolean
  /** Files that are not delivered or not undone, such as a repository that the agent made inside the worktree, one line each. */
  left: readonly string[]
}

/** A worktree on disk, as it is listed. */
export type WorktreeInfo = {
  id: string
  source: string
  /** The folder of the copy; for a packed worktree the bundle file. */
  path: string
  /** The time of creation in Unix milliseconds. */
  createdAt: number
  /**
   * `unchanged`: nothing to deliver. `changed`: it has changes that were neither applied nor discarded. `packed`: its changes are
   * in a git bundle, its folder is gone. `damaged`: its record or its files cannot be read.
   */
  state: 'unchanged' | 'changed' | 'packed' | 'damaged'
  /** The number of changed files; 0 for a packed or damaged worktree. */
  changedFiles: number
  /** The bytes on disk. */
  bytes: number
}

/** A path that cannot be applied, and the reason in a few words, such as `both sides changed the same lines`. */
export type ChangeConflict = { path: string; reason: string }

/** The end of an apply or an undo: all files were replaced, or none because of the named conflicts. */
export type ApplyOutcome =
  | {
      type: 'applied'
      files: readonly ChangedWorktreeFile[]
      /** Whether the user's folder differed from the base, so that the result is not the tree which the agent had. */
      baseMoved: boolean
    }
  | { type: 'conflicts'; conflicts: readonly ChangeConflict[] }

/** The outcome of `tidy`: the ids of removed, packed and kept worktrees, and of those that could not be read, with the reason. */
export type TidyOutcome = {
  removed: readonly string[]
  packed: readonly { id: string; bundle: string }[]
  kept: readonly string[]
  failed: readonly { id: string; problem: string }[]
}

/** The outcome of `recover`, by id; `kept` names files that the user changed after the process was killed, which stay as they are. */
export type RecoverOutcome = {
  /** Half made copies that were removed. */
  removed: readonly string[]
  undone: readonly { id: string; kept: readonly string[] }[]
}

/** The worktrees of a user: private copies of git repositories in one folder. Each survives the process that made it. */
export type WorktreeStore = {
  /**
   * Makes a private copy of the repository around `cwd`. Its base is `HEAD` and the uncommitted state: tracked changes and
   * untracked files that are not ignored. Of the ignored files those that match a glob of `include` are copied too.
   * @throws SubagentError `not-installed` without git; `not-supported` for what cannot be copied, which the message names;
   * `invalid-parameter` for an id that is in use; `io-failed`
   */
  create(options: CreateWorktreeOptions): Promise<Worktree>
  /** Lists all worktrees on disk, also those of processes that have ended. */
  list(): Promise<readonly WorktreeInfo[]>
  find(id: string): Promise<Worktree | undefined>
  /** Returns the bytes of a worktree on disk; 0 for an unknown one. It reads all of its folders. */
  size(id: string): Promise<number>
  /** Returns what differs from the base. @throws SubagentError `invalid-parameter` for an unknown id, `io-failed` */
  changes(id: string): Promise<WorktreeChanges>
  /**
   * Opens the work of an agent for checks: that in its worktree, or in a folder whose state was kept. Undefined if there is neither.
   */
  inspect(id: string): AgentWorkInspection | undefined
  /**
   * Merges the changes into the files of the user's checkout: all of them, or none if one conflicts. Then what was delivered
   * becomes the base. The user's index stays as it is. @throws SubagentError `invalid-parameter`, `io-failed`
   */
  apply(id: string): Promise<ApplyOutcome>
  /** Deletes a worktree with its changes; an unknown id counts as discarded. @throws SubagentError `io-failed` */
  discard(id: string): Promise<void>
  /**
   * Makes a branch in the user's repository that holds the changes as one commit, and checks out nothing.
   * @throws SubagentError `invalid-parameter` for a name that exists or that git refuses, and without changes; `io-failed`
   */
  branch(id: string, name: string): Promise<{ commit: string }>
  /**
   * Removes worktrees that have no undelivered changes. Of the others, those that are older than `maxAgeMs` are packed into a
   * git bundle. Worktrees in use stay.
   */
  tidy(options: TidyOptions): Promise<TidyOutcome>
  /** States of folders in which agents edit without a worktree. */
  states: FolderStates
  /** Finishes or undoes work that a killed process left half done. Call this function once before the others. */
  recover(): Promise<RecoverOutcome>
}

/** The work of an agent: its files before and now. Trees are named by the ids of git, and paths are relative to the root. */
export type AgentWorkInspection = {
  /** Returns the root of the compared files, and the agent's folder below it, with `/`; empty if it is the root. */
  place(): Promise<{ root: string; folder: string }>
  /** Returns the trees of the base and of the files now: equal ids mean equal files. @throws SubagentError `io-failed` */
  trees(): Promise<{ base: string; now: string }>
  /** Returns the paths that differ between two trees. @throws SubagentError `io-failed` */
  changed(from: string, to: string): Promise<readonly string[]>
  /** Returns the difference of two trees in the form of `git diff`, at most 16 MiB long. @throws SubagentError `io-failed` */
  diff(from: string, to: string): Promise<string>
  /** Returns the text of a file in a tree; undefined if it is missing there, binary, or longer than 1 MiB. */
  text(tree: string, path: string): Promise<string | undefined>
  /**
   * Writes the files of a tree into a private folder, and links what git ignores in the agent's folder into it. Returns the agent's
   * folder there. A second call replaces the files. @throws SubagentError `io-failed`
   */
  checkOut(tree: string): Promise<string>
  /** Removes the folder of `checkOut`. */
  removeCheckout(): Promise<void>
}

/**
 * States of folders in which agents edit directly, by the id of the agent: what an agent changed there can be shown and undone. A
 * state is kept outside the folder; nothing in the folder's repository is touched.
 */
export type FolderStates = {
  /** Returns the ids of all kept states. */
  ids(): readonly string[]
  has(id: string): boolean
  /** Opens the work in a kept state for checks; undefined if there is none. */
  inspect(id: string): AgentWorkInspection | undefined
  /** Keeps the files as they are before the agent's first edit. An earlier state of the same id is replaced. @throws SubagentError as `create` */
  keep(options: Omit<CreateWorktreeOptions, 'include'>): Promise<void>
  /**
   * Begins a further turn of the agent; the first one begins with `keep`. What was edited since the last `note` is not its work and
   * goes into the base. In a file where these edits touch lines that the agent had changed, all changes so far count as the user's,
   * and `left` of `changes` names it.
   */
  begin(id: string): Promise<void>
  /** Ends the turn: keeps the files as the agent left them. Does nothing if none runs. */
  note(id: string): Promise<void>
  /** The changes of the agent's turns, the running one included. @throws SubagentError `invalid-parameter`, `io-failed` */
  changes(id: string): Promise<WorktreeChanges>
  /** Takes these changes back. Later edits stay; if one conflicts, nothing is changed. @throws SubagentError as `apply` */
  undo(id: string): Promise<ApplyOutcome>
  /** Deletes a kept state. */
  forget(id: string): Promise<void>
}

/** The worktree to make. */
export type CreateWorktreeOptions = {
  /** The id of the worktree: letters, digits, `-`, `_` and `.`, at most 100. */
  id: string
  /** The caller's folder, in a git checkout. */
  cwd: string
  /** The caller's environment, in which git and its settings are found. */
  environment: Environment
  /** Globs of git, relative to the root, of ignored files to copy as well, such as `.env` or `node_modules/**`. */
  include?: readonly string[]
}

/** The ages at which worktrees are tidied. Ages and `now` are in milliseconds. */
export type TidyOptions = { inUse: (id: string) => boolean; maxAgeMs: number; now: number }
