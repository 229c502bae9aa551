export { openWorktreeStore, type WorktreeStoreOptions } from './open-worktree-store.js'
export {
  type ApplyOutcome,
  type ChangeConflict,
  type ChangedPath,
  type CreateWorktreeOptions,
  type FolderStates,
  type RecoverOutcome,
  type TidyOptions,
  type TidyOutcome,
  type WorkInspection,
  type Worktree,
  type WorktreeChanges,
  type WorktreeInfo,
  type WorktreeStore,
} from './worktree-store.js'
export {
  proposeWorktreeSetUp,
  worktreeSetUpFile,
  describeSetUp,
  type ProposedSetUp,
  type WorktreeSetUp,
} from './source/propose-set-up.js'
export { openUserGit, splitAtNul, type GitRunner } from './git/run-git.js'
