import { openMemoryMailbox, type Mailbox, type MailboxMessage } from '@subagent-mcp/mailbox'
import { createManualClock, type ManualClock } from '@subagent-mcp/testkit'
import { onTestFinished } from 'vitest'
import {
  runWorker,
  defaultWorkerOptions,
  type WorkerTurnRequest,
  type WorkerTurnEnd,
  type WorkerEnd,
  type WorkerLine,
  type WorkerMail,
  type WorkerMemory,
  type WorkerOptions,
} from './index.js'

/** A mailbox in memory, a clock that the test moves, and workers whose turns are scripts. */
export type ManualWorker = {
  mail: Mailbox
  clock: ManualClock
  start(
    script: Script,
    changes?: Partial<WorkerOptions & { mail: Partial<WorkerMail>; memory: Shelf; isRefused: () => boolean }>,
  ): StartedWorker
  /** Sends a message, by default from `ann` to `docs`. */
  send(
    body: string,
    order?: { from?: string; to?: string; thread?: string; expectsReply?: boolean },
  ): Promise<MailboxMessage>
  /** The replies to a message in its thread. */
  replies(message: MailboxMessage): Promise<readonly MailboxMessage[]>
  /** Whether all messages of an agent are handled; by default those of `docs`. */
  isIdle(agent?: string): Promise<boolean>
  /** Moves the clock, a second at a time, until something is so. */
  until(condition: () => boolean | Promise<boolean>): Promise<void>
}

/** Runs a turn of a test. `number` counts the worker's turns from 1. */
export type Script = (
  order: WorkerTurnRequest,
  signal: AbortSignal,
  number: number,
) => WorkerTurnEnd | Promise<WorkerTurnEnd>

/** The stored memory of the worker under test. */
export type Shelf = { memory?: WorkerMemory; saves: number }

/** A turn that ends with an answer. */
export const ends: Script = () => ({ type: 'ended', text: 'answer', session: 's1' })

/** Returns a turn that ends with this answer. */
export const says =
  (text: string, session = 's1'): Script =>
  () => ({ type: 'ended', text, session })

/** Replies to a message, as an agent does by the tool `chat`. */
export function replyBy(manual: ManualWorker, { id, to }: { id: string; to: string }, body: string) {
  return manual.mail.reply({ from: { name: to, host: 'box', through: 'agent' }, message: id, body })
}

/** A call or a turn that never ends. */
export const never = (): Promise<never> => new Promise(() => undefined)

/** A turn that lasts until its signal aborts. */
export const untilAborted: Script = (_order, signal) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve({ type: 'stopped', session: 's1' })
    })
  })

export type StartedWorker = {
  orders: WorkerTurnRequest[]
  lines: WorkerLine[]
  shelf: Shelf
  stop(): void
  end: Promise<WorkerEnd>
}

/** Creates a mailbox and workers that are closed when the test ends. */
export async function openManualWorker(): Promise<ManualWorker> {
  const clock = createManualClock()
  const mail = openMemoryMailbox({ clock })
  const workers: StartedWorker[] = []
  let count = 0
  const manual: ManualWorker = {
    mail,
    clock,
    start: (script, changes = {}) => {
      count += 1
      const worker = startWorker({ manual, script, changes, instance: `w${String(count)}` })
      workers.push(worker)
      return worker
    },
    send: async (body, { from = 'ann', to = 'docs', ...order } = {}) =>
      (await mail.send({ from: { name: from, host: 'box', through: 'agent' }, to, body, ...order })).message,
    replies: async ({ id, thread }) => (await mail.thread(thread)).filter(({ replyTo }) => replyTo === id),
    isIdle: async (agent = 'docs') => (await mail.inbox(agent)).length === 0,
    until: (condition) => moveUntil(clock, condition),
  }
  for (const name of ['ann', 'bob', 'docs', 'tests']) await register(mail, name)
  onTestFinished(async () => {
    for (const worker of workers) worker.stop()
    await mail.close()
  })
  return manual
}

type Start = {
  manual: ManualWorker
  script: Script
  changes: Parameters<ManualWorker['start']>[1] & object
  instance: string
}

function startWorker({ manual, script, changes, instance }: Start): StartedWorker {
  const { mail, memory: shelf = { saves: 0 }, isRefused = () => false, ...options } = changes
  const control = new AbortController()
  const orders: WorkerTurnRequest[] = []
  const lines: WorkerLine[] = []
  const ports = {
    mail: { ...manual.mail, ...mail },
    turns: {
      run: async (order: WorkerTurnRequest, signal: AbortSignal) => {
        orders.push(order)
        return script(order, signal, orders.length)
      },
      isRefused,
    },
    memory: {
      load: () => shelf.memory,
      save: (memory: WorkerMemory) => {
        shelf.memory = memory
        shelf.saves += 1
        return Promise.resolve()
      },
    },
    onStatus: () => undefined,
    log: (line: WorkerLine) => void lines.push(line),
    clock: manual.clock,
    calendar,
  }
  const end = runWorker(ports, { ...usual, instance, ...options }, control.signal)
  return {
    orders,
    lines,
    shelf,
    end,
    stop: () => {
      control.abort()
    },
  }
}

const usual = {
  ...defaultWorkerOptions,
  name: 'docs',
  host: 'box',
  tools: ['chat', 'sync'],
  budget: {},
  maxBytes: 65_536,
}

/** A calendar for tests: days of 24 hours from time 0 on. */
const calendar = {
  day: (at: number) => String(Math.floor(at / dayMs)),
  nextDay: (at: number) => (Math.floor(at / dayMs) + 1) * dayMs,
}
const dayMs = 24 * 3_600_000

function register(mail: Mailbox, name: string): Promise<void> {
  const handler = {
    instance: `of-${name}`,
    kind: 'session',
    pid: process.pid,
    startTime: '0',
    host: 'box',
  } as const
  return mail.register({ name, project: '/work', capabilities: [], topics: ['ci.>'], wakes: 'high', handler })
}

async function moveUntil(clock: ManualClock, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let second = 0; second < mostSeconds; second++) {
    for (let turn = 0; turn < 5; turn++) {
      if (await condition()) return
      await new Promise((resolve) => setImmediate(resolve))
    }
    clock.advance(1_000)
  }
  throw new Error(`not so within ${String(mostSeconds)} s of the clock`)
}

const mostSeconds = 3_000
