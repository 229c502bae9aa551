import { readFileSync, readlinkSync } from 'node:fs'
import { isSameProcessRunning } from './start-time.js'

/**
 * The scope in which the pid of this process is unique: on Linux the boot id and the pid namespace, separated by a space,
 * because containers and sandboxes that share a home have pids of their own. On other systems a constant.
 */
export function getPidScope(): string {
  if (process.platform !== 'linux') return unknown
  const boot = wordOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
  return `${boot} ${wordOf(() => readlinkSync('/proc/self/ns/pid'))}`
}

/**
 * Whether the process that owns a shared file runs, by its pid, start time and pid scope (`place`). An owner of an earlier boot
 * does not. An owner in another pid namespace, or of an unknown boot, counts as alive, because it would be worse to take a live
 * owner for dead. Another kernel that runs now, as in a virtual machine, looks like an earlier boot.
 */
export function isOwnerProcessAlive({
  place,
  ...owner
}: {
  pid: number
  startTime: string
  place: string
}): boolean {
  const here = getPidScope()
  if (place === here) return isSameProcessRunning(owner)
  const boots = [place, here].map(bootOf)
  return boots.includes(unknown) || boots[0] === boots[1]
}

const unknown = '-'

function bootOf(place: string): string | undefined {
  return place.split(' ')[0]
}

function wordOf(read: () => string): string {
  try {
    return read()
  } catch {
    // There is no /proc, or no free file descriptor. `isOwnerProcessAlive` handles the unknown value.
    return unknown
  }
}
