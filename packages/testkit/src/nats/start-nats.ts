import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { natsServer, freePort, type NatsServer } from './nats-server.js'

/** Starts one `nats-server` with JetStream on loopback. `more` is added to its configuration. */
export async function startNats(more = ''): Promise<NatsServer & { end(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'nats-'))
  const server = await natsServer({ name: 'one', folder, more })
  await startAll([server], folder)
  return { ...server, end: () => end([server], folder) }
}

/** Starts three NATS servers as one cluster. */
export async function startNatsCluster(): Promise<{ servers: NatsServer[]; end(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'nats-cluster-'))
  const ports = [await freePort(), await freePort(), await freePort()]
  const routes = ports.map((port) => `nats-route://127.0.0.1:${port}`).join(', ')
  const servers: NatsServer[] = []
  for (const [index, port] of ports.entries()) {
    const name = `n${index + 1}`
    const more = `cluster { name: test, listen: "127.0.0.1:${port}", routes: [${routes}] }`
    servers.push(await natsServer({ name, folder: join(folder, name), more }))
  }
  await startAll(servers, folder)
  return { servers, end: () => end(servers, folder) }
}

/** None is left when one of them cannot be started. */
async function startAll(servers: readonly NatsServer[], folder: string): Promise<void> {
  const started = await Promise.allSettled(servers.map((server) => server.start()))
  const failed = started.find((each) => each.status === 'rejected')
  if (failed === undefined) return
  await end(servers, folder)
  throw failed.reason
}

async function end(servers: readonly NatsServer[], folder: string): Promise<void> {
  await Promise.all(servers.map((server) => server.kill()))
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
