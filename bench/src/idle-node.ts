import { execa } from 'execa'
import { once } from 'node:events'
import { residentMegabytes } from './resident-memory.js'

/** The memory of a Node process that does nothing, in MB: the floor for processes that keep running. */
export async function idleNodeMegabytes(): Promise<number> {
  const idle = execa(process.execPath, ['-e', 'setInterval(() => {}, 1e9); console.log(1)'], {
    reject: false,
  })
  await once(idle.stdout, 'data')
  const megabytes = await residentMegabytes([idle.pid ?? 0])
  idle.kill()
  await idle
  return megabytes
}
