import type { Mailbox } from '@subagent-mcp/mailbox'
import { quantile, type Figure, type RunLength } from '../figure.js'
import { openWaitingAgents, benchRegistration, sendMail, type WaitingAgents } from '../waiting-agents.js'
import { mailBackends, typicalMailText, openMailbox, type MailBackend } from '../mail-backend.js'
import { millisecondsOf } from '../timed.js'

const agentCounts = [1, 10, 100, 1_000]
const rounds: Record<RunLength, number> = { short: 4, full: 20, soak: 20 }
const deliveries: Record<RunLength, number> = { short: 200, full: 2_000, soak: 2_000 }
/** Messages in each round. */
const many = 200
/** The number of messages that are sent in parallel, as in a busy fleet. */
const parallelSends = 32

/** Messages a second, and the latency until a waiting agent has its message, with 1 to 1,000 agents that wait. */
export async function mailThroughput(length: RunLength): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const openBackend of mailBackends) {
    const backend = await openBackend()
    if (!backend) continue
    const mailbox = await openMailbox(backend)
    const waitingAgents = openWaitingAgents(mailbox)
    await mailbox.register(benchRegistration('sink'))
    for (const agents of agentCounts) {
      await waitingAgents.growTo(agents)
      const measured = { backend, mailbox, agents }
      figures.push(...(await rates(measured, rounds[length])))
      figures.push(...(await latencies({ ...measured, waitingAgents }, deliveries[length])))
    }
    await mailbox.close()
    await backend.close()
  }
  return figures
}

type Measured = { backend: MailBackend; mailbox: Mailbox; agents: number }

async function rates({ backend, mailbox, agents }: Measured, times: number): Promise<Figure[]> {
  const [bare, sent, handled]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round < times; round += 1) {
    bare.push(await perSecond(backend.bare))
    sent.push(await perSecond(() => sendMail(mailbox, 'sink', typicalMailText)))
    handled.push(await perSecond(() => handleOne(mailbox)))
  }
  const about = { unit: '/s', n: times * many } as const
  const floor = { name: backend.floorName, value: quantile(bare) }
  const two = { name: `two of them`, value: floor.value / 2 }
  const name = `mail on ${backend.name}, ${waiting(agents)}`
  return [
    { ...about, name: `${name}: sends`, ours: quantile(sent), floor },
    { ...about, name: `${name}: takes and acknowledges`, ours: quantile(handled), floor: two },
  ]
}

async function perSecond(act: () => Promise<unknown>): Promise<number> {
  let left = many
  const sendSome = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await act()
    }
  }
  const time = await millisecondsOf(() => Promise.all(Array.from({ length: parallelSends }, sendSome)))
  return (many * 1_000) / time
}

let takers = 0

/** Takes and acknowledges one message as a new handler, because a handler holds one batch at a time. */
async function handleOne(mailbox: Mailbox): Promise<void> {
  const instance = `taker-${(takers += 1)}`
  const options = { agent: 'sink', instance, leaseMs: 60_000, waitMs: 60_000, limit: 1 }
  const batch = await mailbox.next(options, new AbortController().signal)
  if (batch?.messages.length !== 1)
    throw new Error(`the mailbox returned ${batch?.messages.length ?? 0} messages in place of one`)
  await mailbox.acknowledge(batch.take)
}

async function latencies(
  { backend, mailbox, agents, waitingAgents }: WithAgents,
  times: number,
): Promise<Figure[]> {
  const [bare, delivered]: [number[], number[]] = [[], []]
  for (let count = 0; count < times; count += 1) {
    bare.push(await millisecondsOf(backend.bare))
    const name = waitingAgents.any()
    const [received, waitsAgain] = [waitingAgents.nextMessage(name), waitingAgents.waitsAgain(name)]
    const start = performance.now()
    void sendMail(mailbox, name, typicalMailText)
    await received
    delivered.push(performance.now() - start)
    await waitsAgain
  }
  const figure = (part: number): Figure => ({
    name: `mail on ${backend.name}, ${waiting(agents)}: send → the other has it, p${part * 100}`,
    unit: 'ms',
    n: times,
    ours: quantile(delivered, part),
    floor: { name: backend.floorName, value: quantile(bare, part) },
    ...(part === 0.5 && { limit: { type: 'amount', most: 5 } }),
  })
  return [figure(0.5), figure(0.99)]
}

type WithAgents = Measured & { waitingAgents: WaitingAgents }

function waiting(agents: number): string {
  return agents === 1 ? '1 agent waits' : `${agents} agents wait`
}
