import { localDayCalendar, runWorker, defaultWorkerOptions, type WorkerMemory } from '@subagent-mcp/worker'
import { mailPageSizes, systemClock } from '@subagent-mcp/contract'
import { type Mailbox, defaultMailboxLimits } from '@subagent-mcp/mailbox'
import { setMaxListeners } from 'node:events'
import { setImmediate as tick, setTimeout as delay } from 'node:timers/promises'
import { benchRegistration, sendMail } from './waiting-agents.js'
import { DrainOptions, type DrainResult } from './drain-options.js'
import { typicalMailText, openMailbox } from './mail-backend.js'

/**
 * This process fills a mailbox and measures how workers with immediate turns empty it. Nothing else runs in it, so its
 * memory is theirs. Its argument is `DrainOptions` as JSON; it prints a `DrainResult` as one line of JSON.
 */
const options = DrainOptions.parse(JSON.parse(process.argv[2] ?? ''))
const mailbox = await openMailbox(options)
for (const name of ['asker', 'answerer']) await mailbox.register(benchRegistration(name))
const threads = await fill()
const begin = { resident: resident(), at: performance.now(), cpu: cpuMs() }
let peak = begin.resident
let acknowledged = 0
const stop = new AbortController()
setMaxListeners(0, stop.signal) // one signal stops many workers
const workers = Array.from({ length: options.workers }, (_none, index) => work(`worker-${index}`))
while (acknowledged < options.messages) {
  await delay(20)
  peak = Math.max(peak, resident())
}
const seconds = (performance.now() - begin.at) / 1_000
const cpu = cpuMs() - begin.cpu
stop.abort()
await Promise.all(workers)
const drained: DrainResult = { seconds, cpu, begin: begin.resident, peak, wrong: await wrongAnswers(mailbox) }
await mailbox.close()
process.stdout.write(`${JSON.stringify(drained)}\n`)

/** Sends all messages, 64 in parallel. Returns the ids of their threads. */
async function fill(): Promise<string[]> {
  let sent = 0
  const some = async (): Promise<void> => {
    while (sent < options.messages) {
      sent += 1
      await sendMail(mailbox, 'answerer', typicalMailText, threadOf(sent))
      await tick() // a turn of the event loop for each message, as over a socket: only then does the binding free memory
    }
  }
  await Promise.all(Array.from({ length: 64 }, some))
  return [...new Set(Array.from({ length: options.messages }, (_none, index) => threadOf(index + 1)))]
}

/** The thread of a message. Each thread has ten messages, spread over the whole queue. */
function threadOf(message: number): string {
  return `thread-${message % Math.ceil(options.messages / 10)}`
}

async function work(instance: string): Promise<void> {
  await mailbox.register(benchRegistration('answerer', instance))
  let memory: WorkerMemory | undefined
  const ports = {
    mail: {
      ...mailbox,
      acknowledge: async (...asked: Parameters<Mailbox['acknowledge']>) => {
        const ids = await mailbox.acknowledge(...asked)
        acknowledged += ids.length
        return ids
      },
    },
    turns: {
      run: async () => {
        await tick()
        return { type: 'ended', text: 'An answer.', session: 'one' } as const
      },
      isRefused: () => false,
    },
    memory: { load: () => memory, save: (next: WorkerMemory) => Promise.resolve(void (memory = next)) },
    log: () => undefined,
    clock: systemClock,
    onStatus: () => undefined,
    calendar: localDayCalendar,
  }
  const more = { tools: [], budget: {}, maxBytes: defaultMailboxLimits.maxBytes }
  await runWorker(
    ports,
    { ...defaultWorkerOptions, ...more, name: 'answerer', host: 'bench', instance },
    stop.signal,
  )
}

/** Counts the messages that do not have exactly one reply, or are not handled. */
async function wrongAnswers(at: Mailbox): Promise<number> {
  let wrong = 0
  for (const thread of threads) {
    const messages = await at.thread(thread, { limit: mailPageSizes.longest })
    for (const { id, to, status } of messages.filter((message) => message.to === 'answerer')) {
      const replies = messages.filter(({ replyTo, from }) => replyTo === id && from.name === to)
      if (replies.length !== 1 || status !== 'handled') wrong += 1
    }
  }
  return wrong
}

function resident(): number {
  return process.memoryUsage.rss() / 1024 / 1024
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
