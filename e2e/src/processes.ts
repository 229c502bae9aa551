import { commandOf, processesWith, startLimit } from '@subagent-mcp/testkit'
import { basename } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** A running process, by its pid, the name of its executable and its command line. */
export type Process = { pid: number; name: string; command: string }

/** The processes that live in a home folder: all, or those of one executable. */
export function processesOf(home: string, name?: string): Process[] {
  return processesWith(`HOME=${home}`)
    .filter((pid) => pid !== process.pid)
    .flatMap((pid) => describe(pid) ?? [])
    .filter((found) => name === undefined || found.name === name)
}

function describe(pid: number): Process | undefined {
  const found = commandOf(pid)
  return found && { pid, name: basename(found.name).replace(/\.exe$/, ''), command: found.command }
}

/** Waits until no process is left in a home folder; returns those that are after the limit, in milliseconds of an idle machine. */
export async function untilGone(home: string, limitMs: number): Promise<Process[]> {
  const limit = startLimit(limitMs)
  let left = processesOf(home)
  while (left.length > 0 && !(await limit.isOver())) {
    await delay(20)
    left = processesOf(home)
  }
  return left
}
