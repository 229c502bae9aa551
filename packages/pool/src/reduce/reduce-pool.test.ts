import { describe, expect, test } from 'vitest'
import type { SessionEvent } from '@subagent-mcp/contract'
import { createManualDriver } from '@subagent-mcp/testkit'
import type { PoolEffect } from '../state/pool-effect.js'
import type { UnstampedPoolFact } from '../state/pool-fact.js'
import { poolSpec } from '../manual-pool.test.support.js'
import { createEmptyPoolState, type PoolState } from '../state/pool-state.js'
import { reducePool } from './reduce-pool.js'

const driver = createManualDriver()
const empty = createEmptyPoolState(new Map([['claude', driver]]))

/** Plays facts a second apart from time 0, and returns the state with the effects of the last. */
function play(facts: readonly UnstampedPoolFact[]): { state: PoolState; effects: PoolEffect[] } {
  let [state, effects]: [PoolState, PoolEffect[]] = [empty, []]
  for (const [number, fact] of facts.entries()) {
    const [next, ...more] = reducePool(state, { ...fact, at: number * 1_000, id: `turn-${number}` })
    ;[state, effects] = [next, more]
  }
  return { state, effects }
}

function phases({ members }: PoolState): Record<number, string> {
  return Object.fromEntries([...members].map(([id, { phase }]) => [id, phase.status]))
}

function words(effects: readonly PoolEffect[]): string[] {
  return effects.map((effect) => {
    const whom = 'memberId' in effect ? `${effect.memberId}` : 'leaseId' in effect ? effect.leaseId : ''
    const what = effect.type === 'send' ? `send ${effect.command.type}` : effect.type
    const how = effect.type === 'close' ? effect.mode : effect.type === 'tell' ? effect.event.type : ''
    return [what, whom, how].filter((word) => word !== '').join(' ')
  })
}

function said(event: SessionEvent, memberId = 1): UnstampedPoolFact {
  return { type: 'member-said', memberId, event }
}

const known: UnstampedPoolFact = { type: 'spec-added', key: 'k', lane: 'lane', poolSpec: poolSpec() }
const primed: UnstampedPoolFact = { ...known, poolSpec: poolSpec({ prime: 'read' }) }
const newer: UnstampedPoolFact = { ...known, key: 'newer' }
const wanted: UnstampedPoolFact = { type: 'lease-requested', leaseId: 'a', key: 'k' }
const opened: UnstampedPoolFact = { type: 'member-opened', memberId: 1, pid: 7 }
const prompt: UnstampedPoolFact = {
  ...{ type: 'lease-commanded', leaseId: 'a' },
  command: { type: 'prompt', turnId: 't', text: 'do' },
}
const ended = said({ type: 'turn-ended', turnId: 't', outcome: { type: 'completed', answer: '' } })
const close: UnstampedPoolFact = { type: 'lease-closed', leaseId: 'a', mode: 'graceful' }
const kill: UnstampedPoolFact = { ...close, mode: 'kill' }
const reset = said({ type: 'conversation-reset' })
const died = said({ type: 'session-closed' })
const gone: UnstampedPoolFact = { type: 'member-gone', memberId: 1 }
const agentReset: UnstampedPoolFact = { type: 'agent-reset', agent: 'reviewer', project: '/p' }
const late: UnstampedPoolFact = { type: 'time-passed' }

const leased = [known, wanted, opened]
const working = [...leased, prompt]
const idle = [...working, ended, close, reset]
const resetting = [...working, ended, close]
const settleBy = [...working, close]

describe('a fact makes of a member', () => {
  test.each<[string, UnstampedPoolFact[], string, string[]]>([
    ['a lease', [known, wanted], 'opening', ['open 1']],
    ['its opening', leased, 'leased', ['open-lease a']],
    ['its opening, with a prime', [primed, wanted, opened], 'priming', ['send prompt 1']],
    ['a prompt', working, 'leased', ['send prompt 1']],
    ['the end of the turn', [...working, ended], 'leased', ['tell a turn-ended']],
    ['another end of it', [...working, ended, ended], 'leased', []],
    ['being closed after its turn', resetting, 'resetting', ['send reset 1']],
    ['being closed in its turn', settleBy, 'leased', ['send interrupt 1']],
    ['being closed twice', [...settleBy, close], 'leased', []],
    ['the end of a turn whose holder has left', [...settleBy, ended], 'resetting', ['send reset 1']],
    ['a word to a holder that has left', [...settleBy, said({ type: 'notice', text: '' })], 'leased', []],
    ['being closed before a turn', [...leased, close], 'idle', ['end-lease a']],
    ['the reset', idle, 'idle', ['end-lease a']],
    ['a second reset', [...idle, reset], 'idle', []],
    ['another lease', [...idle, { ...wanted, leaseId: 'b' }], 'leased', ['open-lease b']],
    ['a command of a lease that is over', [...idle, prompt], 'idle', []],
    ['being killed', [...working, kill], 'closing', ['close 1 kill']],
    ['being killed while it forgets', [...resetting, kill], 'closing', ['close 1 kill']],
    ['being replaced while it waits', [...idle, newer], 'closing', ['close 1 graceful']],
    ['being replaced while it works', [...working, newer], 'leased', []],
    [
      'its release when it has been replaced',
      [...working, newer, ended, close],
      'closing',
      ['close 1 graceful'],
    ],
    [
      'being closed when it is replaced',
      [...resetting, newer, reset],
      'closing',
      ['end-lease a', 'close 1 graceful'],
    ],
    [
      'being called off',
      [known, wanted, { type: 'lease-abandoned', leaseId: 'a' }],
      'closing',
      ['close 1 kill'],
    ],
    [
      'opening after the request was cancelled',
      [known, wanted, { type: 'lease-abandoned', leaseId: 'a' }, opened],
      'closing',
      ['close 1 kill'],
    ],
    [
      'a reset of its agent',
      [...idle, { type: 'agent-reset', agent: 'reviewer', project: '/p' }],
      'closing',
      ['close 1 kill'],
    ],
    [
      'a word to a holder that it is taken from',
      [...working, agentReset, said({ type: 'notice', text: '' })],
      'closing',
      ['tell a notice'],
    ],
    [
      'a word to one that has left then',
      [...working, agentReset, close, said({ type: 'notice', text: '' })],
      'closing',
      [],
    ],
    ['a reset of another', [...idle, { type: 'agent-reset', agent: 'other', project: '/p' }], 'idle', []],
    ['being retired too late', [...working, { type: 'members-retired', memberIds: [1] }], 'leased', []],
    ['time in which nothing is due', [...resetting, late], 'resetting', []],
  ])('%s', (_name, facts, status, effects) => {
    const played = play(facts)
    expect(phases(played.state)).toEqual({ 1: status })
    expect(words(played.effects)).toEqual(effects)
  })

  test.each<[string, UnstampedPoolFact[], string[]]>([
    ['it dies while it waits', [...idle, died], ['forget 1']],
    ['it dies in a turn', [...working, died], ['end-lease a', 'forget 1']],
    ['it dies while it settles', [...settleBy, died], ['end-lease a', 'forget 1']],
    ['it dies while it forgets', [...resetting, died], ['end-lease a', 'forget 1']],
    ['it is gone after a kill', [...working, kill, gone], ['end-lease a', 'forget 1']],
    [
      'it is gone after an end that was hurried',
      [...working, newer, ended, close, kill, gone],
      ['end-lease a', 'forget 1'],
    ],
    [
      'it fails to open',
      [
        known,
        wanted,
        { type: 'member-open-failed', memberId: 1, failure: { reason: 'unknown', message: '' } },
      ],
      ['fail-lease a', 'forget 1', 'log'],
    ],
  ])('nothing, when %s', (_name, facts, effects) => {
    const played = play(facts)
    expect(phases(played.state)).toEqual({})
    expect(words(played.effects)).toEqual(effects)
  })
})

test('a lease takes the warmest that waits, and none that is another’s', () => {
  const other = (fact: UnstampedPoolFact): UnstampedPoolFact => ({
    ...fact,
    ...('leaseId' in fact && { leaseId: 'b' }),
    ...('memberId' in fact && { memberId: 2 }),
  })
  const two = [known, wanted, { ...wanted, leaseId: 'b' }, opened, other(opened), close, other(close)]
  expect(phases(play(two).state)).toEqual({ 1: 'idle', 2: 'idle' })
  const taken = play([
    ...two,
    { ...wanted, leaseId: 'c' },
    { ...wanted, leaseId: 'd' },
    { ...wanted, leaseId: 'e' },
  ])
  expect(phases(taken.state)).toEqual({ 1: 'leased', 2: 'leased', 3: 'opening' })
  expect(phases(play([...two, { ...wanted, leaseId: 'c' }]).state)).toEqual({ 1: 'idle', 2: 'leased' })
})

test('specs that nothing uses are forgotten after an hour, those of members are not', () => {
  const many = Array.from({ length: 50 }, (_, edition): UnstampedPoolFact => ({
    ...known,
    key: `k${edition}`,
  }))
  const { state } = play([...leased, ...many])
  expect(state.specs.size).toBe(51)
  const later = { ...known, key: 'later', at: 10_000_000, id: 'x' } as const
  const [{ specs }] = reducePool(state, later)
  expect([...specs.keys()]).toEqual(['k', 'later'])
  expect([...specs.values()].map(({ replaced }) => replaced)).toEqual([true, false])
})
