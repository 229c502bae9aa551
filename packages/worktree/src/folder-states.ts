import { createFolderWithParents, realPath, type Environment } from '@subagent-mcp/driver-kit'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { applyTreeChanges, rebaseTree } from './delivery/apply-changes.js'
import { listTreeChangedFiles, readTreePatch } from './delivery/tree-changes.js'
import { deleteWorktree, isWorktreeId } from './disk/delete-worktree.js'
import type { WorktreeLocks } from './disk/worktree-locks.js'
import { replaceJsonFile, type WorktreeRecord } from './disk/worktree-record.js'
import { openWorkInspection } from './life/inspect-work.js'
import { listWorktreeIdsOnDisk } from './life/list-worktrees.js'
import { openWorktree, type OpenWorktree } from './life/open-worktree.js'
import { finishFileSwap, recoverWorktrees } from './life/recover-worktrees.js'
import { getWorktreePaths } from './source/worktree-paths.js'
import { createWorktree } from './source/create-worktree.js'
import type { FolderStates } from './worktree-store.js'

/** Keeps states of users' folders. Each has a private git folder, and no copy. */
export function openFolderStates(options: {
  folder: string
  environment: Environment
  locks: WorktreeLocks
}): FolderStates & { recover(): Promise<void> } {
  const { folder: store, environment } = options
  // A worktree may have the same id, and a checkout is locked by its path, as for an apply.
  const locks: WorktreeLocks = { run: (id, work) => options.locks.run(`state ${id}`, work) }
  const alone = <Result>(id: string, work: (state: OpenWorktree) => Promise<Result>): Promise<Result> =>
    locks.run(id, async () => {
      await finishFileSwap(store, id)
      return await work(openWorktree({ store, id, environment }))
    })
  return {
    ids: () => listWorktreeIdsOnDisk(store),
    has: (id) => isKept(store, id),
    inspect: (id) => (isKept(store, id) ? openWorkInspection((work) => alone(id, work)) : undefined),
    keep: (creation) =>
      locks.run(creation.id, async () => {
        createFolderWithParents(store)
        await deleteWorktree(store, creation.id)
        await createWorktree({ ...creation, store: realPath(store), now: Date.now(), inPlace: true })
      }),
    begin: (id) => alone(id, begin),
    note: (id) =>
      alone(id, async ({ record, paths, snapshot }) => {
        if (record.after === undefined)
          replaceJsonFile(paths.record, { ...record, after: (await snapshot()).tree })
      }),
    changes: (id) =>
      alone(id, async ({ record, files, root, snapshot }) => {
        const tree = record.after ?? (await snapshot()).tree
        const git = files(root)
        return {
          ...{
            base: record.base,
            tree,
            left: (record.edited ?? []).map(editedLine),
            files: await listTreeChangedFiles(git, record.baseTree, tree),
          },
          ...(await readTreePatch(git, record.baseTree, tree)),
        }
      }),
    undo: (id) => alone(id, (state) => options.locks.run(state.record.source, () => undo(state))),
    forget: (id) => locks.run(id, () => deleteWorktree(store, id)),
    recover: async () => {
      await recoverWorktrees({ store, locks })
    },
  }
}

function isKept(store: string, id: string): boolean {
  return isWorktreeId(id) && existsSync(getWorktreePaths(join(store, id)).record)
}

function editedLine(path: string): string {
  return `${path} (lines of the agent's were edited between its turns: what it had changed there counts as yours)`
}

async function begin(state: OpenWorktree): Promise<void> {
  const { record, paths } = state
  const { after, ...begun } = record
  if (after === undefined) return
  // The turn begins also when the files cannot be compared.
  let moved: Partial<WorktreeRecord> = {}
  try {
    moved = await baseWithOthers(state, after)
  } finally {
    replaceJsonFile(paths.record, { ...begun, ...moved })
  }
}

/** The base with what was edited since the end of the agent's last turn. */
async function baseWithOthers(
  { record, paths, root, open, scratch, snapshot }: OpenWorktree,
  after: string,
): Promise<Partial<WorktreeRecord>> {
  const { tree } = await snapshot()
  if (tree === after) return {}
  const { tree: baseTree, conflicts } = await rebaseTree({
    ...{ from: after, to: tree, onto: record.baseTree, root, open, scratch },
    index: `${paths.sourceIndex}.new`,
  })
  const edited = [...new Set([...(record.edited ?? []), ...conflicts.map(({ path }) => path)])]
  return { baseTree, ...(edited.length > 0 && { edited }) }
}

async function undo({ paths, record, open, scratch, snapshot }: OpenWorktree) {
  const { id, source, baseTree, base, after } = record
  const from = after ?? (await snapshot()).tree
  const next = `${base} undone`
  // A turn that began meanwhile stays one.
  const rest = after === undefined ? {} : { after: baseTree }
  const commit = (): void => replaceJsonFile(paths.record, { ...record, base: next, ...rest })
  return await applyTreeChanges(
    {
      ...{ id, from, to: baseTree, root: source, index: paths.sourceIndex },
      ...{ open, scratch, journal: paths.swap, next },
    },
    commit,
  )
}
