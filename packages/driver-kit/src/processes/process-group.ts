import { spawn } from 'node:child_process'
import { hasProcFolder, isRunningState, listProcPids, readProcStat, runPs } from './process-table.js'

/** Whether this system has process groups, so that one signal reaches a child and its descendants. Windows has none. */
export const hasProcessGroups = process.platform !== 'win32'

/**
 * Sends a signal to every process of a group; does nothing when the group is gone. The id is the pid of the leader. It can
 * name another group only after the leader was reaped and the group had no member for a moment.
 */
export function signalProcessGroup(groupId: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (hasProcessGroups) trySignalProcess(-groupId, signal)
  else signalWindowsTree(groupId, signal)
}

export function isProcessGroupRunning(groupId: number): boolean {
  if (!hasProcessGroups || !trySignalProcess(-groupId, 0)) return false
  return groupStates(groupId).some(isRunningState)
}

/** Sends a signal to a process or, for a negative target, to a group; 0 only checks. False when it does not exist or belongs to another user. */
export function trySignalProcess(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal)
  } catch (error) {
    // ESRCH: it is gone. EPERM: macOS reports it for a group of zombies. Anything else is a bug.
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))
      return false
    throw error
  }
}

function groupStates(groupId: number): string[] {
  if (hasProcFolder) {
    return listProcPids()
      .map(readProcStat)
      .flatMap((stat) => (stat?.groupId === groupId ? [stat.state] : []))
  }
  return runPs(['-ax', '-o', 'pgid=', '-o', 'stat='])
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([group, state]) => (Number(group) === groupId && state !== undefined ? [state] : []))
}

/** Ends a process tree with `taskkill`, which needs a running leader. Not tried on a real Windows. */
function signalWindowsTree(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  const force = signal === 'SIGKILL' ? ['/F'] : []
  const taskkill = spawn('taskkill', ['/T', ...force, '/PID', String(pid)], {
    stdio: 'ignore',
    windowsHide: true,
  })
  // Without taskkill there is no other way; the time limits of the stop ladder keep the caller from waiting.
  taskkill.once('error', () => undefined)
}
