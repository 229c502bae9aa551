export { openWorktreeStore, type WorktreeStoreOptions } from './open-worktree-store.js'
export {
  type ApplyOutcome,
  type ChangeConflict,
  type ChangedWorktreeFile,
  type CreateWorktreeOptions,
  type FolderStates,
  type RecoverOutcome,
  type TidyOptions,
  type TidyOutcome,
  type AgentWorkInspection,
  type Worktree,
  type WorktreeChanges,
  type WorktreeInfo,
  type WorktreeStore,
} from './worktree-store.js'
export {
  proposeWorktreeSetUp,
  worktreeSetUpFile,
  describeWorktreeSetUp,
  type ProposedWorktreeSetUp,
  type WorktreeSetUp,
} from './source/worktree-set-up.js'
export { openUserGit, splitAtNul, type GitRunner } from './git/run-git.js'
