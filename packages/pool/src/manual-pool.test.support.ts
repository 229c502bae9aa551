import type { Driver, SessionOpenOutcome, DriverSession, SessionEvent } from '@subagent-mcp/contract'
import { createManualClock, type ManualClock } from '@subagent-mcp/testkit'
import { createSessionPool, type SessionPool } from './session-pool.js'
import { calm, deepDriver, type Deep, type DeepOptions } from './deep-driver.test.support.js'
import type { PoolSpec } from './pool-spec.js'
import type { PoolPolicyDecision } from './pool-policy.js'

/** A lease in a test: the events, the outcome and the state that its holder has seen. */
export type TestLeaseHolder = {
  heard: SessionEvent[]
  outcome: Promise<SessionOpenOutcome>
  opening: AbortController
  /** The state of the leased session. */
  status: 'waiting' | 'open' | 'failed'
  /** The turns that it has begun. */
  turns: string[]
  session: () => Promise<DriverSession>
  prompt: (text: string) => Promise<void>
}

/** A pool over sessions that the test moves. */
export type ManualPool = {
  pool: SessionPool
  driver: Driver
  clock: ManualClock
  sessions: Deep[]
  /** The number of timers that are set. */
  timers: () => number
  memory: Map<number, number>
  /** `toSpare`: the machine has room for a process that no task waits for. */
  room: { toSpare: boolean }
  /** The policy's verdict for each tool: `ask` for missing ones; it throws for `undefined`. */
  policy: Map<string, PoolPolicyDecision['verdict'] | undefined>
  changes: () => number
  logged: string[]
  lease: (key: string) => TestLeaseHolder
  /** Leases a session and waits until it is open. */
  taken: (key: string) => Promise<TestLeaseHolder>
  /** Leases a session, runs one task in it and ends the lease. */
  served: (key: string) => Promise<TestLeaseHolder>
  newest: () => Deep
}

/** A valid pool spec, with these changes. */
export function poolSpec(change: Partial<PoolSpec> = {}): PoolSpec {
  return {
    ...{ agent: 'reviewer', project: '/p', provider: 'claude', fingerprint: ['1'] },
    spec: { cwd: '/p', environment: { HOME: '/h' }, mcp: 'none', ephemeral: true },
    limits: { tasks: 100, ageMs: 3_600_000, memoryBytes: 1e9, idleMs: 600_000 },
    ...change,
  }
}

/** Creates a pool for tests; ids and pids count up. */
export function createManualPool(options: DeepOptions = {}): ManualPool {
  const { clock, timers } = countingClock()
  const sessions: Deep[] = []
  const memory = new Map<number, number>()
  const room = { toSpare: true }
  const policy: ManualPool['policy'] = new Map()
  const logged: string[] = []
  let [ids, changes] = [0, 0]
  const driver = deepDriver(sessions, options)
  const pool = createSessionPool({
    drivers: new Map([['claude', driver]]),
    clock,
    newId: () => `id${(ids += 1)}`,
    memoryOf: (pid) => memory.get(pid),
    hasRoomToSpare: () => room.toSpare,
    decide: ({ agent }, { tool }) => {
      const verdict = policy.has(tool) ? policy.get(tool) : 'ask'
      if (verdict === undefined) throw new Error('no policy')
      return { verdict, by: `policy of ${agent}` }
    },
    onChange: () => (changes += 1),
    log: (line) => logged.push(line),
  })
  const lease = (key: string): TestLeaseHolder => newLeaseHolder(pool.pooled(driver), key)
  const taken = (key: string): Promise<TestLeaseHolder> => take(sessions, lease(key))
  return {
    ...{ pool, driver, clock, sessions, timers, memory, room, policy, logged, lease, taken },
    changes: () => changes,
    served: async (key) => serve(sessions, await taken(key)),
    newest: () => newestOf(sessions),
  }
}

function newestOf(sessions: readonly Deep[]): Deep {
  const session = sessions.at(-1)
  if (!session) throw new Error('no session was opened')
  return session
}

/** Opens all sessions that are opening, because the lease may wait for any of them, then waits for the lease. */
async function take(sessions: readonly Deep[], holder: TestLeaseHolder): Promise<TestLeaseHolder> {
  for (const deep of sessions) await deep.opened()
  await holder.session()
  await calm()
  return holder
}

async function serve(sessions: readonly Deep[], holder: TestLeaseHolder): Promise<TestLeaseHolder> {
  await holder.prompt('task')
  const deep = sessions.find(({ sent }) => sent.at(-1)?.type === 'prompt')
  deep?.finish()
  const end = (await holder.session()).close('graceful')
  deep?.forgotten()
  await end
  await calm()
  return holder
}

function countingClock(): { clock: ManualClock; timers: () => number } {
  const clock = createManualClock()
  let running = 0
  return {
    timers: () => running,
    clock: {
      ...clock,
      after: (milliseconds, callback) => {
        let ended = false
        const end = (): void => {
          if (!ended) running -= 1
          ended = true
        }
        running += 1
        const cancel = clock.after(milliseconds, () => {
          end()
          callback()
        })
        return () => {
          end()
          cancel()
        }
      },
    },
  }
}

function newLeaseHolder(driver: Driver, key: string): TestLeaseHolder {
  const heard: SessionEvent[] = []
  const opening = new AbortController()
  const spec = { ...poolSpec().spec, pool: key }
  const outcome = driver.open(spec, (event) => heard.push(event), opening.signal)
  const session = async (): Promise<DriverSession> => {
    const ended = await outcome
    if (ended.type === 'failed') throw new Error(ended.failure.message)
    return ended.session
  }
  const holder: TestLeaseHolder = {
    ...{ heard, outcome, opening, session, status: 'waiting', turns: [] },
    prompt: async (text) => {
      const turnId = `${text}-${holder.turns.length + 1}`
      holder.turns.push(turnId)
      const open = await session()
      open.send({ type: 'prompt', turnId, text })
    },
  }
  void outcome.then(({ type }) => (holder.status = type === 'opened' ? 'open' : 'failed'))
  return holder
}
