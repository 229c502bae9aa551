import { commandOf, processesWith, startLimit } from '@subagent-mcp/testkit'
import { connectDaemon } from '@subagent-mcp/client'
import { processIs, startTime } from '@subagent-mcp/driver-kit'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Ends every daemon of a home folder with its agents, at once; resolves when their processes are gone. */
export async function endDaemons(home: string): Promise<void> {
  const limit = startLimit(limitMs)
  for (;;) {
    for (const socketPath of daemonSockets(home)) await endDaemon(socketPath)
    // One that is still starting, for a host that has ended in the meantime, has no socket yet.
    const running = processesWith(home).filter((pid) => commandOf(pid)?.command.includes(' daemon run'))
    if (running.length === 0) return
    if (await limit.isOver()) throw new Error(`daemons ${running.join(', ')} do not end`)
    await delay(10)
  }
}

/** The sockets of the daemons of a home folder, dead ones' too. */
export function daemonSockets(home: string): string[] {
  const folder = join(home, '.subagent-mcp', 'run')
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names.filter((name) => name.endsWith('.sock')).map((name) => join(folder, name))
}

async function endDaemon(socketPath: string): Promise<void> {
  const client = connectDaemon({ socketPath })
  // A dead one leaves a socket that nobody answers on.
  const health = await client.health().catch(() => undefined)
  if (!health) return
  const daemon = { pid: health.pid, startTime: startTime(health.pid) ?? '' }
  await client.stop({ drain: false })
  const limit = startLimit(limitMs)
  while (processIs(daemon)) {
    if (await limit.isOver()) throw new Error(`daemon ${daemon.pid} does not end`)
    await delay(10)
  }
}

/** Longer than agents may take to end. */
const limitMs = 10_000
