import type { DaemonClient } from '@subagent-mcp/client'
import { daemonClient } from '@subagent-mcp/e2e/home-daemons'
import { startWorker } from '@subagent-mcp/e2e/worker-process'
import { setTimeout as delay } from 'node:timers/promises'
import { openBenchStage, type BenchStage } from './bench-stage.js'

/** A benchmark fixture with workers, and a sender that waits for replies. */
export type WorkerBenchStage = BenchStage & {
  /** Starts a worker in the stage's project, on the real CLI. Resolves when it is ready. */
  start(session: 'warm' | 'resume' | 'fresh'): Promise<BenchWorker>
  /** Sends the worker a message, waits for the reply, and returns how long each part took. */
  ask(worker: BenchWorker): Promise<MessageTimes>
  /** Sends one small request to the daemon: such a request brings the message, and another one its reply. */
  request(): Promise<unknown>
}

export type BenchWorker = {
  pid: number
  /** Resolves when the worker begins its next turn. */
  begun(): Promise<void>
  /** Stops the worker. Resolves when the daemon no longer lists it. */
  end(): Promise<void>
}

/**
 * Milliseconds from a message to the beginning of the worker's turn, to the CLI's request to the model, and to the
 * reply.
 */
export type MessageTimes = { begun: number; asked: number; replied: number }

export async function openWorkerBenchStage(): Promise<WorkerBenchStage> {
  const stage = await openBenchStage()
  const client = daemonClient(stage.home.home)
  return {
    ...stage,
    start: (session) => startBenchWorker(stage, client, session),
    ask: createAsk(stage, client),
    request: () => client.mail.inbox('asker'),
  }
}

const name = 'answerer'

async function startBenchWorker(
  { home, claude }: BenchStage,
  client: DaemonClient,
  session: string,
): Promise<BenchWorker> {
  let onBegun = (): void => undefined
  const place = {
    home: home.home,
    folder: home.cwd,
    environment: { ...home.environment, SUBAGENT_MCP_CLAUDE_PATH: claude },
    onLine: (line: string) => {
      if (line.includes('"type":"working"')) onBegun()
    },
  }
  const args = ['--name', name, '--provider', 'claude', '--model', 'sonnet', '--session', session, '--json']
  const worker = startWorker(place, args)
  while ((await client.workers())[0]?.status !== 'running') await delay(20)
  return {
    pid: worker.pid,
    begun: () => new Promise((resolve) => (onBegun = resolve)),
    end: async () => {
      await worker.kill('SIGTERM')
      while ((await client.workers()).length > 0) await delay(20)
    },
  }
}

function createAsk({ model }: BenchStage, { mail }: DaemonClient): WorkerBenchStage['ask'] {
  const from = { name: 'asker', host: 'bench', through: 'http' } as const
  const never = new AbortController().signal
  let count = 0
  return async (worker) => {
    const mark = `Question ${(count += 1)}.`
    model.forgetRequests()
    const start = performance.now()
    const since = async (happened: Promise<unknown>): Promise<number> => {
      await happened
      return performance.now() - start
    }
    const begun = since(worker.begun())
    const asked = since(
      model.waitForRequest(({ kind, bodyText }) => kind === 'turn' && bodyText.includes(mark)),
    )
    await mail.send({ from, to: name, body: `${mark} [[say: ok]]` })
    const batch = await mail.next(
      { agent: 'asker', instance: 'bench', leaseMs: 60_000, waitMs: 60_000 },
      never,
    )
    const replied = performance.now() - start
    if (batch?.messages[0]?.body !== 'ok') throw new Error(`no reply to ${mark}`)
    await mail.acknowledge(batch.take)
    return { begun: await begun, asked: await asked, replied }
  }
}
