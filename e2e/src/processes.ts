import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** A running process, by its pid and the name of its executable. */
export type Process = { pid: number; name: string }

/** The processes of ours that live in a home folder, zombies aside: all, or those of one executable. */
export function processesOf(home: string, name?: string): Process[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .flatMap((pid) => inHome(pid, home) ?? [])
    .filter((found) => name === undefined || found.name === name)
}

function inHome(pid: number, home: string): Process | undefined {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
    const executable = readlinkSync(`/proc/${pid}/exe`)
    if (!environment.includes(`HOME=${home}`)) return undefined
    return {
      pid,
      name:
        executable
          .split('/')
          .at(-1)
          ?.replace(/\.exe$/, '') ?? '',
    }
  } catch {
    return undefined // gone meanwhile, or a zombie, which has neither
  }
}

/** Waits until no process is left in a home folder; returns those that are after the limit. */
export async function untilGone(home: string, limitMs: number): Promise<Process[]> {
  const deadline = Date.now() + limitMs
  let left = processesOf(home)
  while (left.length > 0 && Date.now() < deadline) {
    await delay(20)
    left = processesOf(home)
  }
  return left
}
