import { localCalendar, runWorker, defaultWorkerOptions, type WorkerMemory } from '@subagent-mcp/worker'
import { pageSizes, systemClock } from '@subagent-mcp/contract'
import { type Mailbox, usualRules } from '@subagent-mcp/mailbox'
import { setMaxListeners } from 'node:events'
import { setImmediate as tick, setTimeout as delay } from 'node:timers/promises'
import { registration, sendMail } from './mail-agents.js'
import { DrainOrder, type Drained } from './mail-drain-order.js'
import { mailText, openMailbox } from './mail-place.js'

/**
 * Fills a mailbox, and has workers empty it whose turns answer at once: in a process of its own, so that its memory is
 * theirs. The order is its argument, what it saw is its one line.
 */
const order = DrainOrder.parse(JSON.parse(process.argv[2] ?? ''))
const mailbox = await openMailbox(order)
for (const name of ['asker', 'answerer']) await mailbox.register(registration(name))
const threads = await fill()
const begin = { resident: resident(), at: performance.now(), cpu: cpuMs() }
let peak = begin.resident
let acknowledged = 0
const stop = new AbortController()
setMaxListeners(0, stop.signal) // many workers are told by one
const workers = Array.from({ length: order.workers }, (_none, index) => work(`worker-${index}`))
while (acknowledged < order.messages) {
  await delay(20)
  peak = Math.max(peak, resident())
}
const seconds = (performance.now() - begin.at) / 1_000
const cpu = cpuMs() - begin.cpu
stop.abort()
await Promise.all(workers)
const drained: Drained = { seconds, cpu, begin: begin.resident, peak, wrong: await wrongAnswers(mailbox) }
await mailbox.close()
process.stdout.write(`${JSON.stringify(drained)}\n`)

/** Some at once, as many senders do. Returns the threads. */
async function fill(): Promise<string[]> {
  let sent = 0
  const some = async (): Promise<void> => {
    while (sent < order.messages) {
      sent += 1
      await sendMail(mailbox, 'answerer', mailText, threadOf(sent))
      await tick() // as by a socket: only so does the binding give back memory
    }
  }
  await Promise.all(Array.from({ length: 64 }, some))
  return [...new Set(Array.from({ length: order.messages }, (_none, index) => threadOf(index + 1)))]
}

/** Ten messages a thread, spread over all of the queue. */
function threadOf(message: number): string {
  return `thread-${message % Math.ceil(order.messages / 10)}`
}

async function work(instance: string): Promise<void> {
  await mailbox.register(registration('answerer', instance))
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
    },
    memory: { load: () => memory, save: (next: WorkerMemory) => void (memory = next) },
    log: () => undefined,
    clock: systemClock,
    calendar: localCalendar,
  }
  const more = { tools: [], budget: {}, maxBytes: usualRules.maxBytes }
  await runWorker(
    ports,
    { ...defaultWorkerOptions, ...more, name: 'answerer', host: 'bench', instance },
    stop.signal,
  )
}

/** Messages that have not just one reply, or are not handled. */
async function wrongAnswers(at: Mailbox): Promise<number> {
  let wrong = 0
  for (const thread of threads) {
    const messages = await at.thread(thread, { limit: pageSizes.longest })
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
