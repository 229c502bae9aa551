import { SubagentError } from '@subagent-mcp/contract'
import type { WorktreeInfo, WorktreeStore } from '@subagent-mcp/worktree'

/** Keeps the worktrees below a size on disk. */
export type WorktreeSizeCap = {
  /** Makes room for a new worktree: removes those without changes that nobody needs. @throws SubagentError `not-supported` without room */
  makeRoom(): Promise<void>
  /** Measures a new worktree in the background. */
  add(id: string): void
}

type Parts = {
  store: Pick<WorktreeStore, 'list' | 'size'>
  mostBytes: number
  /** Removes the worktrees that nobody needs. */
  tidy(): Promise<void>
}

/** The sizes of worktrees are remembered, because measuring reads every folder: all at the first worktree, then each new one once. */
export function createWorktreeSizeCap({ store, mostBytes, tidy }: Parts): WorktreeSizeCap {
  const sizes = new Map<string, number>()
  let measured: Promise<readonly WorktreeInfo[]> | undefined
  const measure = async (): Promise<readonly WorktreeInfo[]> => {
    const listed = await store.list()
    sizes.clear()
    for (const { id, bytes } of listed) sizes.set(id, bytes)
    return listed
  }
  const total = (): number => [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0)
  return {
    makeRoom: async () => {
      await (measured ??= measure())
      if (total() <= mostBytes) return
      await tidy()
      const listed = await measure()
      if (total() > mostBytes) throw noRoom(listed, { total: total(), mostBytes })
    },
    add: (id) => {
      void store.size(id).then((bytes) => sizes.set(id, bytes))
    },
  }
}

const mostNamed = 3

function noRoom(
  listed: readonly WorktreeInfo[],
  { total, mostBytes }: { total: number; mostBytes: number },
): SubagentError {
  const largest = listed.toSorted((one, other) => other.bytes - one.bytes).slice(0, mostNamed)
  const named = largest.map(({ id, bytes, state }) => `${id} (${gigabytes(bytes)}, ${state})`).join(', ')
  const message = `the worktrees have ${gigabytes(total)} in all, and worktree.maxGigabytes allows ${gigabytes(mostBytes)}; the largest: ${named}`
  return new SubagentError('not-supported', message, {
    hint: 'take or discard their changes (subagent-mcp worktrees lists them), or raise worktree.maxGigabytes in config.jsonc',
  })
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GB`
}
