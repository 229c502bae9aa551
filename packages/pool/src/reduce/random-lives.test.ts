import { expect, test } from 'vitest'
import { calm, type Deep } from '../deep-driver.test.support.js'
import {
  createManualPool,
  poolSpec,
  type ManualPool,
  type TestLeaseHolder,
} from '../manual-pool.test.support.js'

test('after random actions no task has seen another, each got its end once, and nothing is left', async () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const life = await liveRandomly(createDice(seed * 7_919))
    const told = `seed ${seed}: ${life.log.join(', ')}`
    for (const deep of life.manual.sessions) expect(faultIn(deep, life.primed), told).toBe('none')
    for (const holder of life.leaseHolders) checkHeard(holder, told)
    for (const outcome of await Promise.all(life.warmings)) expect(outcome.type, told).toMatch(/warm|failed/)
    expect(life.manual.pool.processes(), told).toEqual([])
    expect(life.manual.timers(), told).toBe(0)
    expect(life.manual.pool.load(), told).toMatchObject({ processes: 0, ending: 0 })
  }
})

type Dice = (below: number) => number
type Life = {
  manual: ManualPool
  dice: Dice
  primed: boolean
  leaseHolders: TestLeaseHolder[]
  warmings: Promise<{ type: string }>[]
  /** The current version of the definitions. */
  edition: number
  keys: string[]
  log: string[]
}

/** A random action that is possible now. */
type Choice = { name: string; act: () => unknown }

/** Creates dice that give the same numbers for the same seed. */
function createDice(seed: number): Dice {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

/** Plays eighty random actions, each possible at its time, and closes the pool. */
async function liveRandomly(dice: Dice): Promise<Life> {
  const manual = createManualPool({ shares: dice(3) === 0, rewind: dice(2) === 0 })
  const life: Life = {
    ...{ manual, dice, primed: dice(3) === 0, edition: 0 },
    ...{ leaseHolders: [], warmings: [], keys: [], log: [] },
  }
  manual.policy.set('Read', 'allow').set('Edit', 'deny')
  know(life)
  for (let step = 0; step < 80; step += 1) {
    const choices = [
      ...ofOwner(life),
      ...ofCallers(life),
      ...life.leaseHolders.flatMap((holder, number) => ofLeaseHolder(holder, number, dice)),
      ...manual.sessions.flatMap((deep) => ofSession(deep, dice)),
    ]
    const choice = choices[dice(choices.length)]
    life.log.push(choice?.name ?? '')
    choice?.act()
    await calm()
    checkIdle(life)
  }
  const closed = manual.pool.close()
  for (const deep of manual.sessions) await end(deep)
  await closed
  await calm()
  return life
}

function know({ manual, keys, edition, primed }: Life): void {
  const limits = { tasks: 3, ageMs: 60_000, memoryBytes: 1e9, idleMs: 20_000 }
  const common = { limits, fingerprint: [String(edition)], ...(primed && { prime: 'prime' }) }
  keys.splice(0, 2, ...['one', 'two'].map((agent) => manual.pool.addSpec(poolSpec({ ...common, agent }))))
}

function ofOwner(life: Life): Choice[] {
  const { manual, dice } = life
  const change = (): void => {
    life.edition += dice(3) - 1
    know(life)
  }
  return [
    { name: 'time', act: () => manual.clock.advance([1_000, 5_000, 10_000, 30_000][dice(4)] ?? 0) },
    ...(dice(4) === 0 ? [{ name: 'change', act: change }] : []),
    ...(dice(8) === 0 ? [{ name: 'reset', act: () => manual.pool.reset('one', '/p') }] : []),
    ...(dice(4) === 0 ? [{ name: 'retire', act: () => manual.pool.retireLongestIdle() }] : []),
  ]
}

function ofCallers({ manual, dice, keys, leaseHolders, warmings }: Life): Choice[] {
  const key = keys[dice(2)] ?? ''
  const warming = new AbortController()
  const warm = (): unknown =>
    warmings.push(manual.pool.warm(key, { cache: dice(2) === 0, signal: warming.signal }))
  const warmBriefly = (): void => {
    warm()
    warming.abort()
  }
  return [
    ...[1, 2, 3].map(() => ({ name: 'lease', act: () => leaseHolders.push(manual.lease(key)) })),
    { name: 'warm', act: warm },
    ...(dice(4) === 0 ? [{ name: 'warm briefly', act: warmBriefly }] : []),
  ]
}

function ofLeaseHolder(holder: TestLeaseHolder, number: number, dice: Dice): Choice[] {
  const isOver = holder.heard.some(({ type }) => type === 'session-closed')
  if (isOver || holder.status === 'failed') return []
  if (holder.status === 'waiting')
    return dice(4) === 0 ? [{ name: `give up ${number}`, act: () => holder.opening.abort() }] : []
  const close = (mode: 'graceful' | 'kill') => async () => (await holder.session()).close(mode)
  const steer = async (): Promise<void> =>
    (await holder.session()).send({ type: 'steer', messageId: 'm', text: 'more' })
  return [
    ...(holder.turns.length > 0
      ? []
      : [{ name: `prompt ${number}`, act: () => holder.prompt(`task ${number}`) }]),
    ...(holder.turns.length > 0 && dice(4) === 0 ? [{ name: `steer ${number}`, act: steer }] : []),
    ...(dice(2) === 0 ? [{ name: `close ${number}`, act: close('graceful') }] : []),
    ...(dice(8) === 0 ? [{ name: `kill ${number}`, act: close('kill') }] : []),
  ]
}

function ofSession(deep: Deep, dice: Dice): Choice[] {
  const name = `of ${deep.spec.processKey ?? ''}${deep.pid}`
  const fail = { name: `fail ${name}`, act: () => deep.failed('no') }
  if (deep.status === 'closed') return []
  if (deep.status === 'opening')
    return [{ name: `open ${name}`, act: deep.opened }, ...(dice(5) === 0 ? [fail] : [])]
  const { running } = deep
  const tool = ['Bash', 'Read', 'Edit'][dice(3)] ?? ''
  const ask = { type: 'approval-requested', requestId: 'r', tool, input: {} } as const
  const busy: Choice[] = [
    { name: `finish ${name}`, act: () => deep.finish() },
    ...(dice(8) === 0 ? [{ name: `ask ${name}`, act: () => deep.say(ask) }] : []),
  ]
  return [
    ...(running === undefined ? [] : busy),
    ...(deep.forgetting ? [{ name: `forgotten ${name}`, act: deep.forgotten }] : []),
    ...(deep.closes.length > 0 ? [{ name: `gone ${name}`, act: () => end(deep) }] : []),
    ...(dice(12) === 0 ? [{ name: `die ${name}`, act: deep.die }] : []),
    { name: `late ${name}`, act: () => deep.say({ type: 'notice', text: 'late' }) },
  ]
}

/** Ends a session as drivers do: an open turn ends first, then the session. */
async function end(deep: Deep): Promise<void> {
  const failure = { reason: 'crashed', message: 'killed' } as const
  const { running: turnId } = deep
  if (turnId !== undefined) deep.say({ type: 'turn-ended', turnId, outcome: { type: 'failed', failure } })
  await deep.gone()
}

/** Expects that each idle session has acknowledged its resets and runs no turn. */
function checkIdle({ manual, log }: Life): void {
  for (const { pid, status } of manual.pool.processes()) {
    const isClean = ({ running, forgetting }: Deep): boolean => running === undefined && !forgetting
    const theirs = manual.sessions.filter((deep) => deep.pid === pid && deep.status === 'open')
    if (status === 'warm' && !theirs.some(isClean)) expect.fail(`a busy one waits: ${log.join(', ')}`)
  }
}

/** Describes a fault in a session's story: a task that starts with knowledge of another task, or during a turn. */
function faultIn({ story }: Deep, primed: boolean): string {
  let [knows, isPrimed, running, pending] = ['', false, false, '']
  for (const word of story) {
    if (word.startsWith('prompt')) {
      if (knows !== '' || running || pending !== '')
        return `${word} after ${knows}${pending}: ${story.join()}`
      running = true
      if (word === 'prompt prime') isPrimed = true
      else if (primed && !isPrimed) return `${word} without its prime: ${story.join()}`
      else knows = word
    }
    if (word === 'turn-ended') running = false
    if (word === 'reset' || word === 'rewind') {
      if (running) return `${word} while a turn runs: ${story.join()}`
      pending = word
    }
    if (word === 'conversation-reset') [knows, isPrimed, pending] = ['', isPrimed && pending === 'rewind', '']
  }
  return 'none'
}

/** Expects that a lease holder gets only its own turns, and its end last and once; nothing if it failed to open. */
function checkHeard({ heard, status, turns }: TestLeaseHolder, told: string): void {
  const ends = heard.filter(({ type }) => type === 'session-closed')
  expect(status, told).not.toBe('waiting')
  expect(ends, told).toHaveLength(status === 'open' ? 1 : 0)
  if (status === 'open') expect(heard.at(-1), told).toBe(ends[0])
  else expect(heard, told).toEqual([])
  const theirs = heard.flatMap((event) => (event.type === 'turn-ended' ? [event.turnId] : []))
  expect(turns, told).toEqual(expect.arrayContaining(theirs))
  expect(new Set(theirs).size, told).toBe(theirs.length)
}
