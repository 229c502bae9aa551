import { SubagentError } from '@subagent-mcp/contract'
import { realPath, type Environment } from '@subagent-mcp/driver-kit'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { applyTreeChanges } from './delivery/apply-changes.js'
import { makeBranchOfChanges } from './delivery/make-branch.js'
import { listTreeChangedFiles, readTreePatch } from './delivery/tree-changes.js'
import { deleteWorktree, isWorktreeId } from './disk/delete-worktree.js'
import { createWorktreeLocks } from './disk/worktree-locks.js'
import { readWorktreeRecord, createWorktreeFromRecord, replaceJsonFile } from './disk/worktree-record.js'
import { openFolderStates } from './folder-states.js'
import { readGitOutput } from './git/run-git.js'
import { openWorkInspection } from './life/inspect-work.js'
import { measureFolderSize, listWorktrees } from './life/list-worktrees.js'
import { openWorktree, type OpenWorktree } from './life/open-worktree.js'
import { finishFileSwap, recoverWorktrees } from './life/recover-worktrees.js'
import { tidyWorktrees } from './life/tidy-worktrees.js'
import { createWorktree } from './source/create-worktree.js'
import type { ApplyOutcome, WorktreeChanges, WorktreeStore } from './worktree-store.js'

/** The place of the worktrees, and the environment in which git is found for work on existing ones. */
export type WorktreeStoreOptions = {
  /** The folder of the worktrees, outside the state folder. It is created when it is needed. */
  folder: string
  environment: Environment
}

/** Opens the worktrees in a folder. Nothing is read or written before the first call. */
export function openWorktreeStore({ folder: store, environment }: WorktreeStoreOptions): WorktreeStore {
  const locks = createWorktreeLocks(store)
  const states = openFolderStates({ folder: join(store, '.states'), environment, locks })
  const open = (id: string): OpenWorktree => openWorktree({ store, id, environment })
  const alone = <Result>(id: string, work: (worktree: OpenWorktree) => Promise<Result>): Promise<Result> =>
    locks.run(id, async () => {
      await finishFileSwap(store, id)
      return await work(open(id))
    })
  return {
    create: (options) =>
      locks.run(options.id, async () => {
        if (existsSync(join(store, options.id))) throw inUse(options.id)
        return await createWorktree({ ...options, store: realPath(store), now: Date.now() })
      }),
    find: (id) => {
      const folder = join(store, id)
      const record = isWorktreeId(id) ? readWorktreeRecord(join(folder, 'record.json')) : undefined
      return Promise.resolve(record && createWorktreeFromRecord(record, folder))
    },
    list: () => listWorktrees({ store, alone }),
    size: (id) => (isWorktreeId(id) ? measureFolderSize(join(store, id)) : Promise.resolve(0)),
    changes: (id) => alone(id, changesOf),
    inspect: (id) =>
      isWorktreeId(id) && existsSync(join(store, id, 'record.json'))
        ? openWorkInspection((work) => alone(id, work))
        : states.inspect(id),
    apply: (id) => alone(id, (worktree) => locks.run(worktree.record.source, () => apply(worktree))),
    discard: (id) => locks.run(id, () => deleteWorktree(store, id)),
    branch: (id, name) => alone(id, (worktree) => branch(worktree, { name, environment })),
    tidy: (options) => tidyWorktrees({ ...options, store, alone }),
    states,
    recover: async () => {
      await states.recover()
      return await recoverWorktrees({ store, locks })
    },
  }
}

function inUse(id: string): SubagentError {
  return new SubagentError('invalid-parameter', `there is a worktree ${id} already`, {
    hint: 'give another id',
  })
}

async function changesOf({ record, files, root, snapshot }: OpenWorktree): Promise<WorktreeChanges> {
  const { tree, left } = await snapshot()
  const git = files(root)
  return {
    ...{ base: record.base, tree, left: left.filter((line) => !record.left.includes(line)) },
    files: await listTreeChangedFiles(git, record.baseTree, tree),
    ...(await readTreePatch(git, record.baseTree, tree)),
  }
}

async function apply({
  paths,
  record,
  files,
  open,
  root,
  snapshot,
  scratch,
}: OpenWorktree): Promise<ApplyOutcome> {
  const { id, source, baseTree } = record
  if (!existsSync(source))
    throw new SubagentError('io-failed', `${source} does not exist any more`, {
      hint: 'restore it, or fetch the changes from the worktree with git',
    })
  const { tree } = await snapshot()
  const message = `What agent ${id} delivered`
  const next = (
    await readGitOutput(files(root), ['commit-tree', tree, '-p', record.base, '-m', message])
  ).trim()
  const commit = (): void => replaceJsonFile(paths.record, { ...record, base: next, baseTree: tree })
  return await applyTreeChanges(
    {
      ...{ id, from: baseTree, to: tree, root: source, index: paths.sourceIndex },
      ...{ open, scratch, journal: paths.swap, next },
    },
    commit,
  )
}

async function branch(
  { paths, record, open, snapshot, scratch }: OpenWorktree,
  { name, environment }: { name: string; environment: Environment },
): Promise<{ commit: string }> {
  const { tree } = await snapshot()
  const { id, source, head, base, baseTree } = record
  if (tree === baseTree)
    throw new SubagentError('invalid-parameter', `branch: the worktree ${id} has no changes`, {
      hint: 'changes that were applied are in your checkout',
    })
  const commit = await makeBranchOfChanges({
    ...{ name, message: `Changes of agent ${id}`, root: source, environment, head, base },
    ...{ from: baseTree, to: tree, open, objects: paths.objects, scratch },
  })
  replaceJsonFile(paths.record, { ...record, branched: tree })
  return { commit }
}
