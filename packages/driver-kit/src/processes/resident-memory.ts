import { hasProcFolder, listProcPids, readProcStat, readProcFile, runPs } from './process-table.js'

/**
 * The resident memory of a process and its descendants, in bytes; undefined when it is gone, and on Windows. Shared pages
 * count for each process. A descendant whose parent has exited is not found.
 */
export function measureResidentMemory(pid: number): number | undefined {
  if (process.platform === 'win32') return undefined
  const { parents, bytesOf } = hasProcFolder ? procTable() : psTable()
  if (bytesOf(pid) === undefined) return undefined
  return [...family(pid, parents)].reduce((sum, member) => sum + (bytesOf(member) ?? 0), 0)
}

type Table = { parents: ReadonlyMap<number, number>; bytesOf(pid: number): number | undefined }

function procTable(): Table {
  const parents = listProcPids().flatMap((pid) => {
    const stat = readProcStat(pid)
    return stat ? [[pid, stat.parentId] as const] : []
  })
  return { parents: new Map(parents), bytesOf: procBytes }
}

/** Reads VmRSS of a process. A zombie has no such line. */
function procBytes(pid: number): number | undefined {
  const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(readProcFile(pid, 'status'))?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}

function psTable(): Table {
  const rows = runPs(['-ax', '-o', 'pid=', '-o', 'ppid=', '-o', 'rss='])
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid, parent, kilobytes]) =>
      pid === undefined || parent === undefined || !kilobytes ? [] : [{ pid, parent, kilobytes }],
    )
  const sizes = new Map(rows.map(({ pid, kilobytes }) => [pid, kilobytes * 1024]))
  return { parents: new Map(rows.map(({ pid, parent }) => [pid, parent])), bytesOf: (pid) => sizes.get(pid) }
}

function family(pid: number, parents: Table['parents']): ReadonlySet<number> {
  const members = new Set([pid])
  // The loop also visits members that are added meanwhile.
  for (const member of members) {
    for (const [child, parent] of parents) if (parent === member) members.add(child)
  }
  return members
}
