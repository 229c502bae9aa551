import type { Failure, FailureReason } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import type { Agent, AgentProfile } from './agent.js'
import { isAgentInTurn } from './agent-view.js'
import { createDice, type Dice } from './dice.test.support.js'
import {
  asked,
  checked,
  checkFailed,
  checkPassed,
  closed,
  event,
  expired,
  granted,
  identified,
  limitPassed,
  interrupt,
  message,
  opened,
  pinned,
  play,
  said,
  shutdown,
  spent,
  stop,
  turnCrashed,
  turnEnded,
  turnFailed,
  words,
  type Given,
} from './random-life.test.support.js'
import type { LaunchRoute } from '../launch/launch-route.js'

/** The states of a driver's session. */
type Session = 'none' | 'opening' | 'calling-off' | 'open' | 'closing'

const reasons: readonly FailureReason[] = [
  'rate-limited',
  'overloaded',
  'connection-lost',
  'not-signed-in',
  'crashed',
]
const pool = { agent: 'reviewer', key: 'k', max: 1, timeoutMs: 15_000 }
const auto: LaunchRoute = {
  ...pinned,
  pinned: false,
  left: [
    { provider: 'claude', model: 'sonnet' },
    { provider: 'codex', model: 'gpt' },
    { provider: 'gemini', model: 'pro' },
  ],
}

test.for([
  ['whose results are reported as they are', 500, {}],
  ['whose results are checked', 200, checked],
  ['that is a task whose result is checked', 200, { ...checked, pool }],
] as const)(
  'whatever happens, an agent %s has one session at a time, and none is left when it has ended',
  ([, seeds, profile]) => {
    for (let seed = 1; seed <= seeds; seed += 1) {
      const life = liveRandomly(createDice(seed), profile)
      const log = `seed ${seed}: ${life.log.join(', ')}`
      expect(life.agent.phase.status, log).toBe('ended')
      expect(life.session, log).toBe('none')
      const reported = life.agent.reports.flatMap((report) => (report.type === 'turn' ? report.turnId : []))
      expect(new Set(reported).size, log).toBe(reported.length)
      if ('outputSchema' in profile) expectChecked(life, log)
    }
  },
)

/** Fails if a result was reported without a check, a check was left running, or a turn was repaired twice in a row. */
function expectChecked({ agent, log }: { agent: Agent; log: readonly string[] }, words: string): void {
  for (const { id, outcome, check } of agent.turns) {
    if (outcome.type === 'completed') expect(check, words).toBeDefined()
    if (agent.reports.some((report) => report.type === 'turn' && report.turnId === id))
      expect(outcome.type === 'completed' && check?.grade === 'rejected', words).toBe(false)
    expect(id, words).not.toMatch(/rr/)
  }
  const [begun, over] = ['check', 'cancel-check'].map((word) => log.filter((line) => line === word).length)
  expect(begun, words).toBe(agent.turns.filter(({ check }) => check).length + (over ?? 0))
}

/** Plays forty random facts, each possible in the agent's state, and ends the agent. */
function liveRandomly(
  dice: Dice,
  profile: Partial<AgentProfile>,
): { agent: Agent; session: Session; log: readonly string[] } {
  const facts: Given[] = [granted]
  let life = play(facts, auto, profile)
  let session = followEffects('none', words(life.effects))
  const happen = (fact: Given): void => {
    const before = life.effects.length
    facts.push(fact)
    if (isGone(fact)) session = 'none'
    else if (fact.type === 'session-opened') session = session === 'opening' ? 'open' : 'closing'
    life = play(facts, auto, profile)
    session = followEffects(session, words(life.effects.slice(before)))
  }
  for (let step = 0; step < 40; step += 1) {
    const choices = possible(session, life.agent, dice)
    const fact = choices[dice(choices.length)]
    if (fact) happen(fact)
  }
  happen(dice(2) === 0 ? stop : shutdown)
  while (session !== 'none') {
    happen(session === 'opening' || session === 'calling-off' ? openFailed(dice) : closed())
  }
  return { agent: life.agent, session, log: words(life.effects) }
}

function isGone(fact: Given): boolean {
  return (
    fact.type === 'session-open-failed' ||
    (fact.type === 'session-event-received' && fact.event.type === 'session-closed')
  )
}

/** The state of a session after the effects. Fails on a second session, or on a command while none is open. */
function followEffects(session: Session, effects: readonly string[]): Session {
  return effects.reduce<Session>((before, effect) => {
    if (effect.startsWith('open')) {
      expect(before, effect).toBe('none')
      return 'opening'
    }
    // A check goes on after its session has closed.
    if (/check|limit-turn/.test(effect)) return before
    if (!effect.startsWith('close')) {
      expect(before, effect).toBe('open')
      return before
    }
    expect(before, effect).not.toBe('none')
    return before === 'opening' || before === 'calling-off' ? 'calling-off' : 'closing'
  }, session)
}

function possible(session: Session, agent: Agent, dice: Dice): Given[] {
  const { status } = agent.phase
  const anyTime = [
    message(`m${dice(1_000_000) + 2}`, dice(2) === 0),
    ...(dice(30) === 0 ? [stop] : []),
    ...(dice(5) === 0 ? [expired] : []),
    ...(dice(20) === 0 ? [spent] : []),
    ...(dice(3) === 0 ? [limitPassed] : []),
    ...(status === 'queued' || status === 'ready' ? [granted] : []),
  ]
  if (status === 'checking') {
    const { turn } = agent.phase
    const verdicts = [checkPassed(turn.id), checkFailed(turn.id), checkFailed(turn.id, { final: true })]
    const crash = session === 'open' && dice(4) === 0 ? [closed(), closed(failure(dice))] : []
    const late = dice(4) === 0 ? [interrupt, checkPassed('another'), asked('p9')] : []
    anyTime.push(...verdicts, ...crash, ...(session === 'open' ? late : []))
  }
  if (session === 'none') return anyTime
  if (session === 'closing') return [...anyTime, said('late'), closed(), closed(failure(dice))]
  if (session !== 'open') return [...anyTime, opened, openFailed(dice)]
  const turnId = isAgentInTurn(agent.phase) ? agent.phase.turn.id : 'none'
  return [
    ...anyTime,
    ...(dice(6) === 0 ? [said('word'), asked('p1'), identified] : []),
    event({ type: 'retry-announced', attempt: 1 + dice(3), maxAttempts: 9, failure: failure(dice) }),
    turnEnded(turnId),
    turnFailed(turnId, failure(dice)),
    ...(dice(4) === 0 ? [turnCrashed(turnId)] : []),
    ...(dice(8) === 0 ? [closed(failure(dice))] : []),
  ]
}

function openFailed(dice: Dice): Given {
  return { type: 'session-open-failed', failure: failure(dice) }
}

function failure(dice: Dice): Failure {
  const reason = reasons[dice(reasons.length)] ?? 'unknown'
  return { reason, message: reason, ...(dice(2) === 0 && { resetsAt: dice(50_000) }) }
}
