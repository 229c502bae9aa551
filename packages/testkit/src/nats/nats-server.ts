import { spawn, type ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { findNatsServer } from './find-nats-server.js'

/** A real `nats-server`, with a store and a configuration in its folder. */
export type NatsServer = {
  name: string
  url: string
  folder: string
  /** Starts the server with all that it stored before. Resolves when JetStream is ready. */
  start(): Promise<void>
  /** Kills the server by SIGKILL, as if its machine had lost power. Resolves when it is gone. */
  kill(): Promise<void>
  /** Sends SIGSTOP, after which the server is connected but silent, or SIGCONT. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
}

export async function natsServer(plan: { name: string; folder: string; more: string }): Promise<NatsServer> {
  const { name, folder } = plan
  const [port, monitor] = [await freePort(), await freePort()]
  const file = join(folder, 'server.conf')
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, configuration({ ...plan, port, monitor }))
  let child: ChildProcess | undefined
  return {
    name,
    folder,
    url: `nats://127.0.0.1:${port}`,
    start: async () => {
      const program = findNatsServer()
      if (program === undefined) throw new Error('there is no nats-server: apt install nats-server')
      child = spawn(program, ['-c', file], { stdio: 'ignore' })
      await untilHealthy({ child, monitor, log: join(folder, 'server.log') })
    },
    kill: async () => {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
    signal: (name) => void child?.kill(name),
  }
}

type Plan = Parameters<typeof natsServer>[0] & { port: number; monitor: number }

function configuration({ name, folder, more, port, monitor }: Plan): string {
  return `server_name: ${name}
listen: "127.0.0.1:${port}"
http: "127.0.0.1:${monitor}"
log_file: "${join(folder, 'server.log')}"
jetstream { store_dir: "${join(folder, 'store')}", max_file_store: 1G, max_memory_store: 64M }
${more}
`
}

type Starting = { child: ChildProcess; monitor: number; log: string }

/** Waits until a NATS server is healthy: a cluster elects a leader first. Stops when the server ends. */
async function untilHealthy({ child, monitor, log }: Starting): Promise<void> {
  const end = Date.now() + 30_000
  while (!(await isHealthy(monitor))) {
    if (Date.now() > end || child.exitCode !== null)
      throw new Error(`nats-server does not become ready:\n${endOf(log)}`)
    await pause(20)
  }
}

function endOf(log: string): string {
  return existsSync(log) ? readFileSync(log, 'utf8').slice(-2000) : 'it wrote no log'
}

async function isHealthy(monitor: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${monitor}/healthz`, { headers: { connection: 'close' } })
    await answer.text()
    return answer.ok
  } catch {
    return false // it does not listen yet
  }
}

/**
 * Returns a port of loopback that is free now. It is below those that systems choose for outgoing connections and for port 0, so
 * no other test takes it before its server listens.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000)
    const server = createServer().listen(port, '127.0.0.1')
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}
