import { processCommand, processesWith, startLimit } from '@subagent-mcp/testkit'
import { basename } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** A running process: its pid, the name of its executable and its command line. */
export type RunningProcess = { pid: number; name: string; command: string }

/** The processes whose `HOME` is this folder, without the test's own; with `name`, only those of that executable. */
export function processesOf(home: string, name?: string): RunningProcess[] {
  return processesWith(`HOME=${home}`)
    .filter((pid) => pid !== process.pid)
    .flatMap((pid) => describe(pid) ?? [])
    .filter((found) => name === undefined || found.name === name)
}

/** The pids of the CLIs that daemons of this home folder started, and of what these started: all carry a daemon's mark. */
export function agentProcesses(home: string): number[] {
  const marked = new Set(processesWith('SUBAGENT_MCP_NONCE='))
  return processesWith(`HOME=${home}`).filter((pid) => marked.has(pid))
}

/** Kills the sessions of a CLI that are not agents of ours, by SIGKILL: those of a host. */
export function killHostSessions(home: string, name: string): void {
  const agents = new Set(agentProcesses(home))
  for (const { pid } of processesOf(home, name)) if (!agents.has(pid)) process.kill(pid, 'SIGKILL')
}

function describe(pid: number): RunningProcess | undefined {
  const found = processCommand(pid)
  return found && { pid, name: basename(found.name).replace(/\.exe$/, ''), command: found.command }
}

/**
 * Waits until no process of a home folder is left. Returns those that are still there after `limitMs`, which counts
 * milliseconds of an idle machine.
 */
export async function untilProcessesGone(home: string, limitMs: number): Promise<RunningProcess[]> {
  const limit = startLimit(limitMs)
  let left = processesOf(home)
  while (left.length > 0 && !(await limit.isOver())) {
    await delay(20)
    left = processesOf(home)
  }
  return left
}
