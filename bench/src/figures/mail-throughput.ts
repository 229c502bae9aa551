import type { Mailbox } from '@subagent-mcp/mailbox'
import { quantile, type Figure, type Length } from '../figure.js'
import { openWaitingAgents, registration, sendMail, type WaitingAgents } from '../waiting-agents.js'
import { mailBackends, mailText, openMailbox, type MailBackend } from '../mail-backend.js'
import { timed } from '../timed.js'

const crowds = [1, 10, 100, 1_000]
const rounds: Record<Length, number> = { short: 4, full: 20, soak: 20 }
const wakes: Record<Length, number> = { short: 200, full: 2_000, soak: 2_000 }
/** Messages of a round. */
const many = 200
/** As many as come together where a fleet is busy: the servers of NATS are asked for them side by side. */
const atOnce = 32

/** What a message costs while so many agents wait for theirs, and how soon one of them has it. */
export async function mailThroughput(length: Length): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const openBackend of mailBackends) {
    const place = await openBackend()
    if (!place) continue
    const mailbox = await openMailbox(place)
    const crowd = openWaitingAgents(mailbox)
    await mailbox.register(registration('sink'))
    for (const agents of crowds) {
      await crowd.growTo(agents)
      const measured = { place, mailbox, agents }
      figures.push(...(await rates(measured, rounds[length])))
      figures.push(...(await latencies({ ...measured, crowd }, wakes[length])))
    }
    await mailbox.close()
    await place.close()
  }
  return figures
}

type Measured = { place: MailBackend; mailbox: Mailbox; agents: number }

async function rates({ place, mailbox, agents }: Measured, times: number): Promise<Figure[]> {
  const [bare, sent, handled]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round < times; round += 1) {
    bare.push(await perSecond(place.bare))
    sent.push(await perSecond(() => sendMail(mailbox, 'sink', mailText)))
    handled.push(await perSecond(() => handleOne(mailbox)))
  }
  const about = { unit: '/s', n: times * many } as const
  const floor = { name: place.floorName, value: quantile(bare) }
  const two = { name: `two of them`, value: floor.value / 2 }
  const name = `mail on ${place.name}, ${waiting(agents)}`
  return [
    { ...about, name: `${name}: sends`, ours: quantile(sent), floor },
    { ...about, name: `${name}: takes and acknowledges`, ours: quantile(handled), floor: two },
  ]
}

async function perSecond(act: () => Promise<unknown>): Promise<number> {
  let left = many
  const some = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await act()
    }
  }
  const time = await timed(() => Promise.all(Array.from({ length: atOnce }, some)))
  return (many * 1_000) / time
}

let takers = 0

/** Each as a handler of its own, for a handler holds one batch. */
async function handleOne(mailbox: Mailbox): Promise<void> {
  const instance = `taker-${(takers += 1)}`
  const options = { agent: 'sink', instance, leaseMs: 60_000, waitMs: 60_000, limit: 1 }
  const batch = await mailbox.next(options, new AbortController().signal)
  if (batch?.messages.length !== 1) throw new Error('a message is missing')
  await mailbox.acknowledge(batch.take)
}

async function latencies({ place, mailbox, agents, crowd }: Woken, times: number): Promise<Figure[]> {
  const [bare, woken]: [number[], number[]] = [[], []]
  for (let count = 0; count < times; count += 1) {
    bare.push(await timed(place.bare))
    const name = crowd.any()
    const [awake, again] = [crowd.woken(name), crowd.asleep(name)]
    const start = performance.now()
    void sendMail(mailbox, name, mailText)
    await awake
    woken.push(performance.now() - start)
    await again
  }
  const figure = (part: number): Figure => ({
    name: `mail on ${place.name}, ${waiting(agents)}: send → the other has it, p${part * 100}`,
    unit: 'ms',
    n: times,
    ours: quantile(woken, part),
    floor: { name: place.floorName, value: quantile(bare, part) },
    ...(part === 0.5 && { limit: { type: 'amount', most: 5 } }),
  })
  return [figure(0.5), figure(0.99)]
}

type Woken = Measured & { crowd: WaitingAgents }

function waiting(agents: number): string {
  return agents === 1 ? '1 agent waits' : `${agents} agents wait`
}
