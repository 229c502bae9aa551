import { spawn } from 'node:child_process'
import { hasProc, isLive, procPids, procStat, ps } from './process-table.js'

/** Whether a child leads a process group of its own, which one signal reaches whole. Windows has none. */
export const hasProcessGroups = process.platform !== 'win32'

/**
 * Sends a signal to every process of a group; a group that is gone is no error. The id is the leader's pid: it
 * is ours until the leader was reaped, and after that for as long as the group was never seen without a member.
 */
export function signalGroup(groupId: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (hasProcessGroups) signalIfThere(-groupId, signal)
  else signalWindowsTree(groupId, signal)
}

/** Whether a process of the group runs. */
export function groupRuns(groupId: number): boolean {
  if (!hasProcessGroups || !signalIfThere(-groupId, 0)) return false
  return groupStates(groupId).some(isLive)
}

/** Sends a signal, or asks with 0. False when there is no such process that we may signal. */
export function signalIfThere(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal)
  } catch (error) {
    // ESRCH: gone. EPERM: macOS says so of a group of zombies. Anything else is a bug of ours.
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))
      return false
    throw error
  }
}

function groupStates(groupId: number): string[] {
  if (hasProc) {
    return procPids()
      .map(procStat)
      .flatMap((stat) => (stat?.groupId === groupId ? [stat.state] : []))
  }
  return ps(['-ax', '-o', 'pgid=', '-o', 'stat='])
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([group, state]) => (Number(group) === groupId && state !== undefined ? [state] : []))
}

/** Not tried on a real Windows yet. Without `/F` taskkill only asks; both walk the tree below a living leader. */
function signalWindowsTree(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  const force = signal === 'SIGKILL' ? ['/F'] : []
  const taskkill = spawn('taskkill', ['/T', ...force, '/PID', String(pid)], {
    stdio: 'ignore',
    windowsHide: true,
  })
  // Without a taskkill nothing else is left to try; the stop ladder's limits keep the caller from waiting.
  taskkill.once('error', () => undefined)
}
