import { connectDaemon, type DaemonClient } from '@subagent-mcp/client'
import { isSameProcessRunning, readProcessStartTime } from '@subagent-mcp/driver-kit'
import { processCommand, processesWith, startLimit } from '@subagent-mcp/testkit'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Stops every daemon of a home folder together with its agents. Resolves when their processes are gone. */
export async function endDaemons(home: string): Promise<void> {
  const limit = startLimit(limitMs)
  for (;;) {
    for (const socketPath of daemonSockets(home)) await endDaemon(socketPath)
    // A daemon that is still starting, for a host that has already exited, has no socket yet.
    const running = processesWith(home).filter((pid) => processCommand(pid)?.command.includes(' daemon run'))
    if (running.length === 0) return
    if (await limit.isOver()) throw new Error(`daemons ${running.join(', ')} do not exit`)
    await delay(10)
  }
}

/** The socket paths of a home folder's daemons, including those that a killed daemon left behind. */
export function daemonSockets(home: string): string[] {
  const folder = join(home, '.subagent-mcp', 'run')
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names.filter((name) => name.endsWith('.sock')).map((name) => join(folder, name))
}

/** A client of the daemon of a home folder. Throws when no daemon was ever started there. */
export function daemonClient(home: string): DaemonClient {
  const [socketPath] = daemonSockets(home)
  if (socketPath === undefined) throw new Error(`no daemon has a socket in ${home}: start one first`)
  return connectDaemon({ socketPath })
}

/** The pid of the daemon of a home folder. */
export async function daemonPid(home: string): Promise<number> {
  return (await daemonClient(home).health()).pid
}

async function endDaemon(socketPath: string): Promise<void> {
  const client = connectDaemon({ socketPath })
  // The socket of a killed daemon answers nobody.
  const health = await client.health().catch(() => undefined)
  if (!health) return
  const daemon = { pid: health.pid, startTime: readProcessStartTime(health.pid) ?? '' }
  await client.stop({ drain: false })
  const limit = startLimit(limitMs)
  while (isSameProcessRunning(daemon)) {
    if (await limit.isOver()) throw new Error(`daemon ${daemon.pid} does not exit`)
    await delay(10)
  }
}

/** The time limit for the exit of a daemon: more than its agents may take to exit. */
const limitMs = 10_000
