import { connect, createInbox, nanos } from '@nats-io/transport-node'
import { openNatsMailbox } from '@subagent-mcp/mailbox-nats'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { FleetMachineOptions, type FleetMachineLine } from './fleet-machine-options.js'
import { benchRegistration } from './waiting-agents.js'

/**
 * One machine of a fleet: handlers of one agent that sleep for each message, then reply and acknowledge; or, as the floor, loops
 * that pull a record, sleep, publish one and acknowledge. It begins with a line on stdin and ends with the next.
 */
const options = FleetMachineOptions.parse(JSON.parse(process.argv[2] ?? ''))
const { url, agent, handlers, sleepMs, bare } = options
const stop = new AbortController()
const started = performance.now()
let handled = 0
let first = 0

function count(): void {
  handled += 1
  if (first === 0) first = performance.now() - started
}

const machine = bare ? await openBare() : await openOurs()
const instances = Array.from({ length: handlers }, (_none, index) => `${process.pid}-${index}`)
await Promise.all(instances.map((instance) => machine.register(instance)))
print({ type: 'ready' })
const lines = createInterface({ input: process.stdin })
if (!options.atOnce) await once(lines, 'line')
const cpuAtStart = cpuMs()
const running = instances.map((instance) => machine.work(instance))
await once(lines, 'line')
const result = { handled, cpu: cpuMs() - cpuAtStart, first, memory: process.memoryUsage.rss() / 1024 / 1024 }
print({ type: 'result', ...result })
stop.abort()
await Promise.all(running)
await machine.close()
lines.close()

async function openOurs() {
  const mailbox = await openNatsMailbox({ url, keeper: `bench-${process.pid}`, isAlive: () => true })
  const from = { name: agent, host: 'bench', through: 'agent' } as const
  return {
    close: () => mailbox.close(),
    register: (instance: string) => mailbox.register(benchRegistration(agent, instance)),
    work: async (instance: string) => {
      const next = { agent, instance, leaseMs: 60_000, waitMs: 60_000, limit: 1 }
      while (!stop.signal.aborted) {
        const batch = await mailbox.next(next, stop.signal)
        for (const { id } of batch?.messages ?? []) {
          await delay(sleepMs)
          await mailbox.reply({ from, message: id, body: 'An answer.' })
        }
        if (batch === undefined) continue
        await mailbox.acknowledge(batch.take)
        count()
      }
    },
  }
}

async function openBare() {
  const nats = await connect({ servers: url.replace('nats://', '') })
  return {
    close: () => nats.close(),
    register: () => Promise.resolve(),
    work: async () => {
      while (!stop.signal.aborted) {
        const inbox = createInbox()
        const pulled = nats.subscribe(inbox, { max: 1 })
        const body = JSON.stringify({ batch: 1, expires: nanos(1_000) })
        nats.publish('$JS.API.CONSUMER.MSG.NEXT.BARE.bare', body, { reply: inbox })
        for await (const message of pulled) {
          if (message.headers?.code || message.reply === undefined) break
          await delay(sleepMs)
          await nats.request('bare-answers', 'An answer.')
          await nats.request(message.reply, '+ACK')
          count()
        }
      }
    },
  }
}

function print(line: FleetMachineLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
