import { readFileSync, readlinkSync } from 'node:fs'
import { processIs } from './start-time.js'

/**
 * Where this process's pid is one, as one word or two: on Linux the boot and the pid namespace, because containers and
 * sandboxes that share a home each count their own. Elsewhere always the same: pids are the machine's there.
 */
export function processPlace(): string {
  if (process.platform !== 'linux') return unknown
  const boot = wordOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
  return `${boot} ${wordOf(() => readlinkSync('/proc/self/ns/pid'))}`
}

/**
 * Whether an owner of something shared runs, by the pid and start time that it has in its place. One of an earlier boot
 * does not. Of one in another pid namespace of this boot nothing can be learned here: it counts as alive, because
 * to take a live one for dead is the worse mistake. So does one when it cannot be known which boot is whose.
 * Not told apart: an earlier boot and another kernel that runs now, as in a virtual machine.
 */
export function ownerIsAlive({
  place,
  ...owner
}: {
  pid: number
  startTime: string
  place: string
}): boolean {
  const here = processPlace()
  if (place === here) return processIs(owner)
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
    // No /proc here, or no file descriptor is free. Whoever compares it is careful.
    return unknown
  }
}
