import fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import { z } from 'zod'
import {
  type MailboxCommand,
  type MailState,
  createMemoryMailState,
  type MailOutcome,
} from '@subagent-mcp/mailbox/backing'
import {
  from,
  registering,
  rowsOf,
  sending,
  taking,
  tries,
  useMailStates,
} from './mail-states.test.support.js'

const { make, close } = useMailStates()
afterEach(close)

const agents = ['a', 'b']
const agent = fc.constantFrom(...agents)
const instance = fc.constantFrom('i1', 'i2', 'i3')
const some = fc.nat(12)

/** A random mailbox command. Its ids come from a few, so that several commands concern one message. */
const command: fc.Arbitrary<MailboxCommand> = fc.oneof(
  fc.tuple(agent, instance).map(([name, by]) => registering(name, by, ['>'])),
  instance.map((gone): MailboxCommand => ({ type: 'leave', instances: [gone], maxTries: 3 })),
  fc
    .tuple(some, agent, agent, fc.constantFrom('t', 'u'))
    .map(([id, to, by, thread]) => sending(`m${id}`, { to, by, thread })),
  fc.tuple(some, agent, some).map(([id, by, message]): MailboxCommand => {
    return { type: 'reply', id: `r${id}.${by}.${message}`, from: from(by), message: `m${message}`, body: 'r' }
  }),
  fc.tuple(some, agent, fc.constantFrom('info', 'critical')).map(([id, by, severity]): MailboxCommand => {
    return { type: 'publish', id: `e${id}`, from: from(by), topic: 'ci', severity, body: 'e', key: `k${id}` }
  }),
  fc
    .tuple(some, agent, instance)
    .map(([take, of, by]) => taking(`${by}.${take}`, { agent: of, instance: by })),
  fc
    .tuple(some, instance)
    .map(([take, by]): MailboxCommand => ({ type: 'renew', take: `${by}.${take}`, leaseMs: 2_000 })),
  fc
    .tuple(some, instance)
    .map(([take, by]): MailboxCommand => ({ type: 'acknowledge', take: `${by}.${take}`, ids: null })),
  fc.tuple(some, instance, fc.constantFrom('bad', null)).map(([take, by, failure]): MailboxCommand => {
    return { type: 'release', take: `${by}.${take}`, ids: null, failure, tries }
  }),
  agent.map((of): MailboxCommand => ({ type: 'read', agent: of, ids: null, limit: 1 })),
  some.map((id): MailboxCommand => ({ type: 'revive', id: `m${id}` })),
  fc.constant<MailboxCommand>({ type: 'tidy', keepMs: 5_000 }),
)
const story = fc.array(fc.tuple(command, fc.nat(600)), { maxLength: 80 })

/** Applies commands to a new state, each some time after the one before. */
function play(commands: readonly (readonly [MailboxCommand, number])[]) {
  const { store, state } = make()
  let at = 0
  const outcomes = commands.map(
    ([each, later]): { at: number; command: MailboxCommand; outcome: MailOutcome } => {
      at += later
      return { at, command: each, outcome: state.apply(each, at) }
    },
  )
  return { store, state, outcomes, end: at }
}

const runs = { numRuns: process.env['SOAK'] === undefined ? 100 : 5_000 }

it('equal commands make equal rows and outcomes', () => {
  fc.assert(
    fc.property(story, (commands) => {
      const [one, other] = [play(commands), play(commands)]
      expect(rowsOf(one.store)).toEqual(rowsOf(other.store))
      expect(one.outcomes).toEqual(other.outcomes)
      close()
    }),
    runs,
  )
})

it('a mailbox in memory answers every command as SQLite does', () => {
  fc.assert(
    fc.property(story, (commands) => {
      const { state, outcomes, end } = play(commands)
      const memory = createMemoryMailState()
      expect(outcomes.map(({ command: each, at }) => memory.apply(each, at))).toEqual(
        outcomes.map(({ outcome }) => outcome),
      )
      for (const look of views) expect(look(memory, end)).toEqual(look(state, end))
      close()
    }),
    runs,
  )
})

/** All read functions of a mailbox state. */
const views: readonly ((state: MailState, at: number) => unknown)[] = [
  (state) => state.agents(),
  (state) => state.handlers(),
  (state) => state.waiting(),
  (state) => [...agents, undefined].map((name) => state.threads(name === undefined ? {} : { agent: name })),
  (state) => [...agents, undefined].map((name) => state.dead(name === undefined ? {} : { agent: name })),
  (state) =>
    agents.map((name) => [state.inbox(name), state.quiet(name), state.count({ of: 'inbox', agent: name })]),
  (state) => ['t', 'u'].map((id) => [state.thread(id, { limit: 3 }), state.count({ of: 'thread', id })]),
  (state, at) => agents.map((name) => state.peek({ agent: name, instance: 'i1', thread: null }, at)),
]

it('no message has two holders while its lease lasts', () => {
  fc.assert(
    fc.property(story, (commands) => {
      const holds = new Map<string, { take: string; until: number }>()
      for (const { at, command: each, outcome } of play(commands).outcomes) {
        if (outcome.type === 'taken') {
          for (const { id } of outcome.batch.messages) {
            const held = holds.get(id)
            const by = each.type === 'take' ? each.instance : ''
            if (held !== undefined && held.until > at) expect(held.take.startsWith(by)).toBe(true)
            holds.set(id, { take: outcome.batch.take, until: outcome.batch.until })
          }
        }
        if (each.type === 'renew' && outcome.type === 'renewed' && outcome.held) {
          for (const hold of holds.values()) if (hold.take === each.take) hold.until = at + each.leaseMs
        }
        if (each.type === 'release')
          for (const [id, { take }] of holds) if (take === each.take) holds.delete(id)
        if (each.type === 'leave') {
          for (const [id, { take }] of holds)
            if (each.instances.some((gone) => take.startsWith(gone))) holds.delete(id)
        }
        // What an instance held goes back when it takes again.
        if (each.type === 'take') {
          const now = outcome.type === 'taken' ? outcome.batch.messages.map(({ id }) => id) : []
          for (const [id, { take }] of holds)
            if (take.startsWith(each.instance) && !now.includes(id)) holds.delete(id)
        }
        if (each.type === 'revive') holds.delete(each.id)
      }
      close()
    }),
    runs,
  )
})

it('every direct message ends handled or dead, with at most one reply', () => {
  fc.assert(
    fc.property(story, (commands) => {
      const { store, state, end } = play(commands)
      let at = end + 10_000
      for (let round = 0; round < 60; round += 1) {
        for (const name of agents) {
          at += 1
          const outcome = state.apply(
            taking(`end.${round}.${name}`, { agent: name, instance: `end ${name}` }),
            at,
          )
          if (outcome.type === 'taken')
            state.apply({ type: 'acknowledge', take: outcome.batch.take, ids: null }, at)
        }
      }
      const open = `SELECT id FROM mailMessages WHERE status NOT IN ('handled', 'dead') AND wakes = 1`
      expect(store.rows(z.unknown(), open)).toEqual([])
      expect(store.rows(z.unknown(), 'SELECT * FROM mailQueues')).toEqual([])
      const twice = `SELECT replyTo FROM mailMessages WHERE kind = 'direct' AND replyTo IS NOT NULL GROUP BY replyTo HAVING count(*) > 1`
      expect(store.rows(z.unknown(), twice)).toEqual([])
      close()
    }),
    runs,
  )
})

it('the counts that triggers keep are the counts of the tables', () => {
  fc.assert(
    fc.property(story, (commands) => {
      const { store } = play(commands)
      const inbox = "sum(finished = 0) AS inbox, sum(finished = 0 AND kind <> 'event') AS unread"
      const work = "sum(status = 'waiting' AND wakes = 1) AS work, sum(status = 'dead') AS dead"
      expect(
        store.rows(
          z.unknown(),
          'SELECT agent, inbox, unread, work, dead FROM mailTallies WHERE inbox + dead > 0 ORDER BY agent',
        ),
      ).toEqual(
        store.rows(
          z.unknown(),
          `SELECT recipient AS agent, ${inbox}, ${work} FROM mailMessages GROUP BY recipient
            HAVING sum(finished = 0 OR status = 'dead') > 0 ORDER BY agent`,
        ),
      )
      expect(
        store.rows(z.unknown(), 'SELECT thread, agent, messages, waiting FROM mailTalks ORDER BY 1, 2'),
      ).toEqual(
        store.rows(
          z.unknown(),
          `SELECT thread, agent, count(*) AS messages, sum(finished = 0) AS waiting FROM (
              SELECT thread, '' AS agent, seq, finished FROM mailMessages
              UNION SELECT thread, recipient, seq, finished FROM mailMessages
              UNION SELECT thread, sender, seq, finished FROM mailMessages WHERE through <> 'mailbox'
            ) GROUP BY thread, agent ORDER BY 1, 2`,
        ),
      )
      expect(
        store.rows(z.unknown(), 'SELECT agent, threads FROM mailTallies WHERE threads > 0 ORDER BY agent'),
      ).toEqual(
        store.rows(
          z.unknown(),
          'SELECT agent, count(*) AS threads FROM mailTalks GROUP BY agent ORDER BY agent',
        ),
      )
      close()
    }),
    runs,
  )
})

it('peek tells whether a take finds messages, and when it will', () => {
  fc.assert(
    fc.property(story, agent, instance, (commands, of, by) => {
      const { state, end } = play(commands)
      const look = state.peek({ agent: of, instance: by, thread: null }, end)
      const outcome = state.apply(taking('last', { agent: of, instance: by }), end)
      if (!look.actionable) expect(outcome.type).toBe('nothing')
      if (!look.actionable && outcome.type === 'nothing') expect(outcome.again).toBe(look.again)
      close()
    }),
    runs,
  )
})
