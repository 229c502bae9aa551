import type { DaemonClient } from '@subagent-mcp/client'
import { claudePath } from '@subagent-mcp/e2e/cli-paths'
import { daemonClient } from '@subagent-mcp/e2e/home-daemons'
import { startWorker } from '@subagent-mcp/e2e/worker-process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openBenchStage, type BenchStage } from './bench-stage.js'

/** A benchmark fixture with workers, and a sender that waits for replies. */
export type WorkerBenchStage = BenchStage & {
  /** Starts `subagent-mcp worker` in the stage's project. Resolves when the worker takes messages. */
  start(session: 'warm' | 'resume' | 'fresh'): Promise<BenchWorker>
  /** Starts a warm worker of this name that the daemon keeps, in a folder of its own. Resolves when it takes messages. */
  keep(name: string): Promise<void>
  /** Sends a message to a worker, and returns the text of the reply with the milliseconds until it came. */
  exchange(worker: string, body: string): Promise<{ text: string; replied: number }>
  /** Sends a message to a worker on the real CLI, waits for the reply, and returns how long each part took. */
  ask(worker: string): Promise<MessageTimes>
  /** Sends one small request to the daemon: such a request brings the message, and another one its reply. */
  request(): Promise<unknown>
}

/** A running `subagent-mcp worker`. */
export type BenchWorker = {
  name: string
  pid: number
  /** Stops the worker. Resolves when the daemon no longer lists it. */
  end(): Promise<void>
}

/** Milliseconds from a message to the CLI's request to the model, and to the reply. */
export type MessageTimes = { asked: number; replied: number }

/** Opens a stage whose workers run this CLI. Default: the real Claude. */
export async function openWorkerBenchStage(claude = claudePath): Promise<WorkerBenchStage> {
  const stage = await openBenchStage(claude)
  const client = daemonClient(stage.home.home)
  const exchange = createExchange(client)
  return {
    ...stage,
    exchange,
    start: (session) => startBenchWorker(stage, client, session),
    keep: (name) => keepBenchWorker(stage, client, name),
    ask: createAsk(stage, exchange),
    request: () => client.mail.inbox('asker'),
  }
}

async function startBenchWorker(
  stage: BenchStage,
  client: DaemonClient,
  session: string,
): Promise<BenchWorker> {
  const name = 'answerer'
  const { home, cwd: folder } = stage.home
  const place = { home, folder, environment: workerEnvironment(stage) }
  const args = ['--name', name, '--provider', 'claude', '--model', 'sonnet', '--session', session, '--json']
  const worker = startWorker(place, args)
  await untilRunning(client, name)
  return {
    name,
    pid: worker.pid,
    end: async () => {
      await worker.kill('SIGTERM')
      while ((await client.workers()).length > 0) await delay(20)
    },
  }
}

async function keepBenchWorker(stage: BenchStage, client: DaemonClient, name: string): Promise<void> {
  const folder = join(stage.home.cwd, name)
  mkdirSync(folder)
  const environment = workerEnvironment(stage)
  await client.keepWorker({ name, folder, environment, provider: 'claude', model: 'sonnet' })
  await untilRunning(client, name)
}

function workerEnvironment({ home, claude }: BenchStage): Record<string, string> {
  return { ...home.environment, SUBAGENT_MCP_CLAUDE_PATH: claude }
}

async function untilRunning(client: DaemonClient, name: string): Promise<void> {
  const isRunning = async (): Promise<boolean> =>
    (await client.workers()).some((worker) => worker.name === name && worker.status === 'running')
  while (!(await isRunning())) await delay(20)
}

function createExchange({ mail }: DaemonClient): WorkerBenchStage['exchange'] {
  const from = { name: 'asker', host: 'bench', through: 'http' } as const
  const never = new AbortController().signal
  return async (to, body) => {
    const start = performance.now()
    await mail.send({ from, to, body })
    const wait = { agent: from.name, instance: 'bench', leaseMs: 60_000, waitMs: 60_000 }
    const batch = await mail.next(wait, never)
    const replied = performance.now() - start
    const [reply] = batch?.messages ?? []
    if (!batch || !reply) throw new Error(`no reply to ${body}`)
    await mail.acknowledge(batch.take)
    return { text: reply.body, replied }
  }
}

function createAsk({ model }: BenchStage, exchange: WorkerBenchStage['exchange']): WorkerBenchStage['ask'] {
  let count = 0
  return async (worker) => {
    const mark = `Question ${(count += 1)}.`
    model.forgetRequests()
    const start = performance.now()
    const asked = model
      .waitForRequest(({ kind, bodyText }) => kind === 'turn' && bodyText.includes(mark))
      .then(() => performance.now() - start)
    const { text, replied } = await exchange(worker, `${mark} [[say: ok]]`)
    if (text !== 'ok') throw new Error(`the reply to ${mark} is ${text}`)
    return { asked: await asked, replied }
  }
}
