import { connectDaemon, type DaemonClient } from '@subagent-mcp/client'
import { getPidScope, readProcessStartTime } from '@subagent-mcp/driver-kit'
import { openMemoryMailbox, type Mailbox } from '@subagent-mcp/mailbox'
import { createRuntime, type Runtime } from '@subagent-mcp/runtime'
import { createManualDriver, type ManualDriver } from '@subagent-mcp/testkit'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { startDaemonServer } from '../server/start-daemon-server.js'
import { openPersistentWorkers, type PersistentWorkersOptions } from './persistent-workers.js'

/** A signal that never aborts. */
export const never: AbortSignal = new AbortController().signal

/** The environment in which workers are started. */
export const environment = { API_KEY: 'sk-do-not-tell' }

/** The server of a daemon over a real runtime in a folder of the test. */
export type TestDaemon = {
  folder: string
  driver: ManualDriver
  mailbox: Mailbox
  runtime: Runtime
  socketPath: string
  client: DaemonClient
  kept: ReturnType<typeof openPersistentWorkers>
  /** Whether the next daemon must be started if this one is killed. */
  isUp(): boolean
  /** Ends the daemon, as a stop does. */
  close(): Promise<void>
}

/** Starts the server of a daemon over a real runtime, whose sessions the test controls. */
export async function startDaemon(
  given?: string,
  owner: Partial<PersistentWorkersOptions['owner']> = {},
): Promise<TestDaemon> {
  const folder = given ?? realpathSync(mkdtempSync(join(tmpdir(), 'worker-routes-')))
  for (const name of ['api', 'docs']) mkdirSync(join(folder, name), { recursive: true })
  const [driver, mailbox] = [createManualDriver(), openMemoryMailbox()]
  const runtime = createRuntime({ drivers: [driver], mailbox, workers: { folder: join(folder, 'workers') } })
  let isUp = false
  const kept = openPersistentWorkers({
    ...{
      workers: runtime.workers,
      path: join(folder, 'fleet.json'),
      environment: {},
      now: Date.now,
      retryMs: 100,
    },
    owner: { ...ownerOf(process.pid), ...owner },
    keyNames: (variables) => Object.keys(variables).filter((name) => name.endsWith('_KEY')),
    commandOf: (version, words) => `subagent-mcp@${version} ${words}`,
    onChange: (is) => (isUp = is),
    log: () => undefined,
  })
  const socketPath = join(folder, `${Math.random()}.sock`)
  const port = { ...runtime, kept, version: '1.2.3', environment: {} }
  const server = await startDaemonServer(
    { ...port, stop: () => undefined, log: () => undefined },
    { socketPath },
  )
  const client = connectDaemon({ socketPath })
  const close = async (): Promise<void> => {
    kept.letGo()
    await runtime.workers.close()
    await runtime.close()
    await server.close()
  }
  onTestFinished(async () => {
    await close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { folder, driver, mailbox, runtime, socketPath, client, kept, isUp: () => isUp, close }
}

/** The owner of a list of workers, by its process. */
export const ownerOf = (pid: number) => ({
  ...{ pid, startTime: readProcessStartTime(pid) ?? '-', place: getPidScope(), version: '1.2.3' },
})

/** The request of a worker in a folder with its name. */
export const body = ({ folder }: TestDaemon, name = 'api') => ({
  ...{ name, folder: join(folder, name), provider: 'claude', environment, pid: process.pid },
})

/** Runs a worker until its events end. Returns its events as text, and its end. */
export async function collect(events: ReturnType<DaemonClient['runWorker']>) {
  const texts: string[] = []
  for (;;) {
    const next = await events.next()
    if (next.done === true) return { texts, ends: next.value }
    texts.push(next.value.text)
  }
}

/** A typed `expect.objectContaining`. */
export function matching(some: object): unknown {
  return expect.objectContaining(some)
}

/** A typed `expect.stringContaining`. */
export function containing(text: string): unknown {
  return expect.stringContaining(text)
}
