import { connectDaemon, type DaemonClient } from '@subagent-mcp/client'
import { daemonSockets } from '@subagent-mcp/e2e/end-daemon'
import { serverScript } from '@subagent-mcp/e2e/mcp-host'
import { execa } from 'execa'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { openStage, type BenchStage } from './bench-stage.js'

/** A stage with somebody who writes to workers, and waits for their replies. */
export type WorkerBenchStage = BenchStage & {
  /** Starts one in the stage's project, on the real CLI; resolves when it is there. */
  start(session: 'warm' | 'resume' | 'fresh'): Promise<BenchWorker>
  /** Sends it a message, and waits for the reply. */
  ask(worker: BenchWorker): Promise<Asked>
  /** Asks the daemon something small: of such requests the way of a message is made. */
  request(): Promise<unknown>
}

export type BenchWorker = {
  pid: number
  /** Resolves when it begins its next turn. */
  begun(): Promise<void>
  /** Resolves when it has ended. */
  end(): Promise<void>
}

/** From a message, in milliseconds: to the beginning of the turn, to what the CLI asks the model, to the reply. */
export type Asked = { begun: number; asked: number; replied: number }

export async function openWorkerBenchStage(): Promise<WorkerBenchStage> {
  const stage = await openStage()
  const [socketPath = ''] = daemonSockets(stage.home.home)
  const client = connectDaemon({ socketPath })
  return {
    ...stage,
    start: (session) => startWorker(stage, client, session),
    ask: createAsk(stage, client),
    request: () => client.mail.inbox('asker'),
  }
}

const name = 'answerer'

async function startWorker(
  { home, claude }: BenchStage,
  client: DaemonClient,
  session: string,
): Promise<BenchWorker> {
  const who = ['--name', name, '--provider', 'claude', '--model', 'sonnet', '--session', session, '--json']
  const child = execa(process.execPath, [serverScript, 'worker', ...who], {
    cwd: home.cwd,
    env: { ...home.environment, SUBAGENT_MCP_CLAUDE_PATH: claude },
    extendEnv: false,
    buffer: false,
    stdin: 'ignore',
    stderr: 'inherit',
  })
  let onBegun = (): void => undefined
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.includes('"type":"working"')) onBegun()
  })
  while ((await client.attendances()).length === 0) await delay(20)
  return {
    pid: child.pid ?? 0,
    begun: () => new Promise((resolve) => (onBegun = resolve)),
    end: async () => {
      child.kill('SIGTERM')
      await child
      while ((await client.attendances()).length > 0) await delay(20)
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
