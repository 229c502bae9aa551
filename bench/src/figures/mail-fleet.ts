import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import type { Mailbox } from '@subagent-mcp/mailbox'
import { openNatsMailbox } from '@subagent-mcp/mailbox-nats'
import { natsSkipped, startNatsCluster } from '@subagent-mcp/testkit'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { quantile, type Figure, type RunLength } from '../figure.js'
import { FleetMachineLine, type FleetMachineOptions } from '../fleet-machine-options.js'
import { typicalMailText } from '../mail-backend.js'
import { processesBelow } from '../process-tree.js'
import { millisecondsOf } from '../timed.js'
import { benchRegistration, sendMail } from '../waiting-agents.js'

const seconds: Record<RunLength, number> = { short: 5, full: 10, soak: 30 }
const sends: Record<RunLength, number> = { short: 300, full: 1_000, soak: 3_000 }
const waiting = 20_000
const handlers = 2
const sleepMs = 50

type Fleet = { urls: readonly string[]; nats: NatsConnection; mailbox: Mailbox }

/** The cost of a fleet of machines on a cluster of three servers, beside JetStream without a mailbox. */
export async function mailFleet(length: RunLength): Promise<Figure[]> {
  const skipped = natsSkipped()
  if (skipped !== undefined) {
    process.stderr.write(`left out, as are ${skipped}\n`)
    return []
  }
  const cluster = await startNatsCluster()
  const urls = cluster.servers.map(({ url }) => url)
  const nats = await connect({ servers: urls.map((url) => url.replace('nats://', '')) })
  const manager = await jetstreamManager(nats)
  await manager.streams.add({ name: 'BARE', subjects: ['bare', 'bare-answers'], num_replicas: 3 })
  await manager.consumers.add('BARE', {
    durable_name: 'bare',
    filter_subject: 'bare',
    ack_policy: 'explicit',
  })
  const mailbox = await openNatsMailbox({ url: urls[0] ?? '', keeper: 'bench', isAlive: () => true })
  const fleet = { urls, nats, mailbox }
  try {
    return [
      await sendCost(fleet, sends[length]),
      ...(await scale(fleet, seconds[length])),
      ...(await newMachine(fleet)),
    ]
  } finally {
    await mailbox.close()
    await nats.close()
    await cluster.end()
  }
}

async function sendCost({ nats, mailbox }: Fleet, count: number): Promise<Figure> {
  await mailbox.register(benchRegistration('sink'))
  const client = jetstream(nats)
  const [bare, ours]: [number[], number[]] = [[], []]
  for (let index = 0; index < count; index += 1) {
    bare.push(await millisecondsOf(() => client.publish('bare', typicalMailText)))
    ours.push(await millisecondsOf(() => sendMail(mailbox, 'sink', typicalMailText)))
  }
  return {
    ...{ name: 'mail on three NATS servers: one send', unit: 'ms', n: count, ours: quantile(ours) },
    floor: { name: 'a bare JetStream publish', value: quantile(bare) },
    limit: { type: 'ratio', most: 1.5 },
  }
}

async function scale(fleet: Fleet, runSeconds: number): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const machines of [1, 2, 4]) {
    const messages = machines * handlers * runSeconds * Math.ceil(1_000 / sleepMs)
    const floor = await handledBy(fleet, { machines, messages, runSeconds, bare: true })
    const ours = await handledBy(fleet, { machines, messages, runSeconds, bare: false })
    const cpu = (part: { machines: number; servers: number }): string =>
      `${part.machines.toFixed(1)} + ${part.servers.toFixed(1)} ms CPU each on machines + servers`
    figures.push({
      name: `mail on three NATS servers: handled by ${machines === 1 ? '1 machine' : `${machines} machines`} whose ${handlers} handlers each sleep ${sleepMs} ms`,
      ...{ unit: '/s', n: Math.round(ours.rate * runSeconds), ours: ours.rate },
      floor: { name: 'bare pull, publish and acknowledge', value: floor.rate },
      note: `${cpu(ours.cpu)}; bare ${cpu(floor.cpu)}`,
    })
  }
  return figures
}

type Run = { machines: number; messages: number; runSeconds: number; bare: boolean }

async function handledBy(fleet: Fleet, { machines, messages, runSeconds, bare }: Run) {
  const agent = `agent-${machines}`
  if (!bare) await fleet.mailbox.register(benchRegistration(agent, `sender-${machines}`))
  const send = bare
    ? () => fleet.nats.request('bare', typicalMailText)
    : () => sendMail(fleet.mailbox, agent, typicalMailText)
  await inParallel(messages, send)
  const started = await Promise.all(
    Array.from({ length: machines }, (_none, index) =>
      startMachine({ ...{ url: urlOf(fleet, index), agent, handlers, sleepMs, bare, atOnce: false } }),
    ),
  )
  const pids = new Set(started.map(({ pid }) => pid))
  const serversAt = serversCpu(pids)
  for (const { next } of started) next()
  await delay(runSeconds * 1_000)
  for (const { next } of started) next()
  const results = await Promise.all(started.map(({ result }) => result))
  const serversMs = serversCpu(pids) - serversAt
  await Promise.all(started.map(({ ended }) => ended))
  const handled = results.reduce((sum, each) => sum + each.handled, 0)
  const machinesMs = results.reduce((sum, { cpu }) => sum + cpu, 0)
  return {
    rate: handled / runSeconds,
    cpu: { machines: machinesMs / handled, servers: serversMs / handled },
  }
}

function serversCpu(machines: ReadonlySet<number | undefined>): number {
  const others = processesBelow(process.pid).filter(({ pid }) => !machines.has(pid))
  return others.reduce((sum, { cpuMs }) => sum + cpuMs, 0)
}

/** The first message of a machine that joins while many wait, and its memory, which does not depend on their number. */
async function newMachine(fleet: Fleet): Promise<Figure[]> {
  const measure = async (agent: string, count: number) => {
    await fleet.mailbox.register(benchRegistration(agent, `sender-${agent}`))
    await inParallel(count, () => sendMail(fleet.mailbox, agent, typicalMailText))
    const options = { url: urlOf(fleet, 1), agent, handlers: 1, sleepMs: 0, bare: false, atOnce: true }
    const machine = await startMachine(options)
    await delay(4_000)
    machine.next()
    const result = await machine.result
    await machine.ended
    return result
  }
  const few = await measure('few', 200)
  const many = await measure('many', waiting)
  return [
    {
      name: `mail on three NATS servers: a new machine's first message, ${waiting} wait`,
      ...{ unit: 'ms', n: 1, ours: many.first },
      limit: { type: 'amount', most: 2_000 },
    },
    {
      name: `mail on three NATS servers: memory of a machine that has handled messages for 4 s, ${waiting} wait`,
      ...{ unit: 'MB', n: 1, ours: many.memory },
      floor: { name: 'the same with 200', value: few.memory },
    },
  ]
}

async function inParallel(count: number, act: () => Promise<unknown>): Promise<void> {
  let left = count
  const some = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await act()
    }
  }
  await Promise.all(Array.from({ length: 64 }, some))
}

function urlOf({ urls }: Fleet, index: number): string {
  return urls[index % urls.length] ?? ''
}

const script = fileURLToPath(new URL('../fleet-machine.js', import.meta.url))
type Result = Extract<FleetMachineLine, { type: 'result' }>

/** Starts the process of a machine, and waits until it is connected. `next` begins its work, then ends it. */
async function startMachine(options: FleetMachineOptions) {
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let onReady = (): void => undefined
  const ready = new Promise<void>((resolve) => (onReady = resolve))
  const result = new Promise<Result>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = FleetMachineLine.parse(JSON.parse(text))
      if (line.type === 'ready') onReady()
      else resolve(line)
    })
  })
  await ready
  return { pid: child.pid, result, ended, next: () => child.stdin.write('\n') }
}
