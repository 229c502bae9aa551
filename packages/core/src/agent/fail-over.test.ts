import type { Failure, FailureReason } from '@subagent-mcp/contract'
import type { RouteCandidate } from '@subagent-mcp/routing'
import { describe, expect, test } from 'vitest'
import { findAgentFailure } from './agent-view.js'
import {
  asked,
  closed,
  event,
  granted,
  message,
  opened,
  pinned,
  play,
  reports,
  said,
  shutdown,
  stop,
  turnCrashed,
  turnEnded,
  turnFailed,
  words,
  type Given,
} from './random-life.test.support.js'
import type { LaunchRoute } from '../launch/launch-route.js'

const [opus, sonnet, gpt]: [RouteCandidate, RouteCandidate, RouteCandidate] = [
  { provider: 'claude', model: 'opus', effort: 'high' },
  { provider: 'claude', model: 'sonnet' },
  { provider: 'codex', model: 'gpt' },
]
const auto: LaunchRoute = { ...pinned, pinned: false, current: opus, left: [sonnet, gpt] }

const failed = (reason: FailureReason, more: Partial<Failure> = {}): Failure => ({
  reason,
  message: `said ${reason}`,
  ...more,
})
const openFailed = (failure: Failure): Given => ({ type: 'session-open-failed', failure })
const retry = (attempt: number, failure: Failure): Given =>
  event({ type: 'retry-announced', attempt, maxAttempts: 10, failure })

const start = [granted, opened]
const first = ['open claude opus high', 'prompt m1']
const second = ['open claude sonnet', 'prompt m1']

describe('an automatic launch moves on', () => {
  const table: [name: string, facts: Given[], status: string, effects: string[]][] = [
    [
      'when a candidate does not open',
      [granted, openFailed(failed('bad-request')), opened],
      'working',
      ['open claude opus high', ...second],
    ],
    [
      'when the first turn fails before a word, once its session is closed',
      [...start, turnFailed('m1', failed('bad-request')), closed(), opened],
      'working',
      [...first, 'close kill', ...second],
    ],
    [
      'not before the session that lost is closed',
      [...start, turnFailed('m1', failed('bad-request')), said('late'), turnEnded('m1', 'late')],
      'switching',
      [...first, 'close kill'],
    ],
    [
      'at the first sign of a 429 or a 401',
      [...start, retry(1, failed('rate-limited'))],
      'switching',
      [...first, 'close kill'],
    ],
    ['not at the first sign of an overload', [...start, retry(1, failed('overloaded'))], 'working', first],
    [
      'at the second sign of an overload',
      [...start, retry(1, failed('overloaded')), retry(2, failed('overloaded'))],
      'switching',
      [...first, 'close kill'],
    ],
    [
      'when its session dies with the turn',
      [...start, turnCrashed('m1'), closed(failed('crashed')), opened],
      'working',
      [...first, 'close kill', ...second],
    ],
    [
      'when its session closes without a word',
      [...start, closed(failed('crashed')), opened],
      'working',
      [...first, ...second],
    ],
    [
      'past the other models of a provider that is not signed in',
      [granted, openFailed(failed('not-signed-in')), opened],
      'working',
      ['open claude opus high', 'open codex gpt', 'prompt m1'],
    ],
    [
      'past the other models of a provider whose CLI does not start',
      [granted, openFailed(failed('timed-out')), opened],
      'working',
      ['open claude opus high', 'open codex gpt', 'prompt m1'],
    ],
    [
      'past the other models of a provider that says when its limit ends',
      [...start, retry(1, failed('rate-limited', { resetsAt: 60_000 })), closed(), opened],
      'working',
      [...first, 'close kill', 'open codex gpt', 'prompt m1'],
    ],
    [
      'only after one more try where the connection broke',
      [granted, openFailed(failed('connection-lost')), openFailed(failed('connection-lost')), opened],
      'working',
      ['open claude opus high', 'open claude opus high', ...second],
    ],
    [
      'with the messages that the losing turn was given, and those that wait, in order',
      [
        ...start,
        message('m2'),
        message('m3', true),
        turnFailed('m1', failed('overloaded')),
        closed(),
        opened,
        turnEnded('m1'),
        granted,
        turnEnded('m3'),
        granted,
        turnEnded('m2'),
      ],
      'idle',
      [...first, 'steer m3', 'close kill', ...second, 'prompt m3', 'prompt m2'],
    ],
    [
      'not after it has said something',
      [...start, said('hm'), turnFailed('m1', failed('overloaded'))],
      'idle',
      first,
    ],
    [
      'not after it has asked for a permission',
      [...start, asked('p1'), retry(1, failed('rate-limited'))],
      'waiting-permission',
      first,
    ],
    [
      'not in a later turn',
      [...start, turnEnded('m1'), message('m2'), granted, turnFailed('m2', failed('rate-limited'))],
      'idle',
      [...first, 'prompt m2'],
    ],
    [
      'not when it was stopped meanwhile',
      [...start, turnFailed('m1'), stop, closed()],
      'ended',
      [...first, 'close kill', 'close kill'],
    ],
    [
      'not when everything shuts down',
      [...start, turnFailed('m1'), shutdown, closed()],
      'ended',
      [...first, 'close kill', 'close graceful'],
    ],
  ]
  test.each(table)('%s', (_name, facts, status, effects) => {
    const life = play(facts, auto)
    expect(life.agent.phase.status).toBe(status)
    expect(words(life.effects)).toEqual(effects)
  })
})

test('a launch that fails over reports only its final turn', () => {
  const facts = [...start, turnFailed('m1'), closed(), opened, said('hi'), turnEnded('m1', 'hi')]
  const { agent } = play(facts, auto)
  expect(reports(agent)).toEqual(['1 turn m1'])
  expect(agent.turns).toMatchObject([{ id: 'm1', text: 'hi' }])
  expect(agent.route.attempts).toMatchObject([
    { candidate: opus, tried: true, failure: { reason: 'crashed' } },
  ])
})

test('when none is left, one failure names every candidate and its reason', () => {
  const facts = [granted, openFailed(failed('not-signed-in')), opened, turnFailed('m1', failed('overloaded'))]
  const { agent } = play(facts, auto)
  expect(findAgentFailure(agent)).toMatchObject({
    reason: 'no-candidate-left',
    reasons: ['not-signed-in', 'overloaded'],
    message:
      'none could do it: claude opus high: not-signed-in: said not-signed-in; ' +
      'claude sonnet (not tried): not-signed-in: said not-signed-in; codex gpt: overloaded: said overloaded',
  })
})

test('a project that keeps a provider from starting is left to the next one, without a try of its other models', () => {
  const { agent, effects } = play([granted, openFailed(failed('refused'))], auto)
  expect(agent.route.current.provider).toBe('codex')
  expect(agent.route.attempts).toMatchObject([{ tried: true }, { tried: false }])
  expect(words(effects)).not.toEqual([])
})

describe('a launch on a named provider', () => {
  const named: LaunchRoute = { ...auto, provider: 'claude', left: [sonnet] }
  const others = 'give prefer claude in place of provider: then other providers may do it'

  test('moves on to its other candidates', () => {
    const { effects } = play([...start, turnFailed('m1', failed('bad-request')), closed(), opened], named)
    expect(words(effects)).toEqual([...first, 'close kill', ...second])
  })

  test('fails with the reason that all of them had, and says how to let others do it', () => {
    const limited = failed('rate-limited', { resetsAt: 60_000, httpStatus: 429 })
    const { agent } = play([...start, turnFailed('m1', limited), closed()], named)
    expect(findAgentFailure(agent)).toEqual({ ...limited, hint: others })
    const failures = [
      openFailed(failed('bad-request')),
      openFailed(failed('bad-request', { hint: 'mend it' })),
    ]
    expect(findAgentFailure(play([granted, ...failures], named).agent)).toEqual(
      failed('bad-request', { hint: `mend it; or ${others}` }),
    )
  })

  test('names every candidate where their reasons differ', () => {
    const failures = [openFailed(failed('bad-request')), openFailed(failed('overloaded'))]
    const failure = findAgentFailure(play([granted, ...failures], named).agent)
    expect(failure).toMatchObject({ reason: 'no-candidate-left', hint: others })
    expect(failure?.message).toContain('claude sonnet: overloaded')
  })

  test('that an older version recorded, with the others behind it, still continues to them', () => {
    const { provider: _, ...older } = { ...named, left: [gpt] }
    const { agent, effects } = play([granted, openFailed(failed('not-signed-in')), opened], older)
    expect(words(effects)).toEqual(['open claude opus high', 'open codex gpt', 'prompt m1'])
    expect(agent.phase.status).toBe('working')
  })
})

test('the last candidate may finish its own retries', () => {
  const limited = failed('rate-limited')
  const { agent } = play([...start, retry(1, limited), retry(2, limited)], { ...auto, left: [] })
  expect(agent.phase.status).toBe('working')
})

test('nothing is left running when the last candidate has failed', () => {
  const { agent, effects } = play([...start, turnFailed('m1', failed('overloaded')), closed()], {
    ...auto,
    left: [],
  })
  expect(agent.phase.status).toBe('ended')
  expect(words(effects)).toEqual([...first, 'close graceful'])
  expect(reports(agent)).toEqual(['1 turn m1'])
})

describe('retries that cannot help', () => {
  const signedOut = failed('not-signed-in')
  const tries = [retry(1, signedOut), retry(2, signedOut)]

  test.each([
    ['of the last candidate', { ...auto, left: [] }],
    ['of a pinned one', pinned],
  ])('%s end its turn and its session at the second sign', (_name, route) => {
    expect(play([...start, retry(1, signedOut)], route).agent.phase.status).toBe('working')
    const { agent } = play([...start, ...tries, closed()], route)
    expect(agent.phase.status).toBe('ended')
    expect(findAgentFailure(agent)).toEqual(signedOut)
    expect(reports(agent)).toEqual(['1 turn m1'])
  })

  test('end a later turn too', () => {
    const { agent } = play([...start, said('x'), turnEnded('m1'), message('m2'), granted, ...tries], auto)
    expect(agent.phase.status).toBe('closing')
  })
})

describe('a pinned launch', () => {
  test('fails with the reason of the named provider', () => {
    const failure = failed('rate-limited')
    const { agent } = play([...start, retry(1, failure), retry(2, failure), turnFailed('m1', failure)])
    expect(agent.phase.status).toBe('idle')
    expect(findAgentFailure(agent)).toEqual(failure)
  })

  test('gets no second try of a broken connection', () => {
    const failure = failed('connection-lost')
    expect(findAgentFailure(play([granted, openFailed(failure)]).agent)).toEqual(failure)
  })
})
