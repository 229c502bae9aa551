import type { AccountLimit, Failure } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { updateAccountLimits, findAccountLimitFailure } from './account-limits.js'
import type { AccountLimits } from './agents-state.js'
import { event, turnEnded, turnFailed, type Given } from '../agent/random-life.test.support.js'

const limited: Failure = { reason: 'rate-limited', message: 'too many', resetsAt: 5000 }
const week: AccountLimit = { name: 'week', usedPercent: 100, resetsAt: 9000, exhausted: true }

function after(...facts: Given[]): AccountLimits {
  return facts.reduce<AccountLimits>(
    (health, given) => updateAccountLimits(health, 'claude', { ...given, agentId: 'a1', at: 0 }),
    new Map(),
  )
}

test.each<[name: string, facts: Given[], restsUntil: number | undefined]>([
  ['nothing said', [], undefined],
  ['a refused launch that says when', [{ type: 'session-open-failed', failure: limited }], 5000],
  ['a refused turn that says when', [turnFailed('m1', limited)], 5000],
  [
    'a retry that says when',
    [event({ type: 'retry-announced', attempt: 1, maxAttempts: 2, failure: limited })],
    5000,
  ],
  [
    'a refusal that does not say when',
    [turnFailed('m1', { reason: 'rate-limited', message: '' })],
    undefined,
  ],
  [
    'a limit that is used up',
    [event({ type: 'limits-reported', limits: [week] }), turnFailed('m1', limited)],
    9000,
  ],
  [
    'a limit with something left',
    [event({ type: 'limits-reported', limits: [{ ...week, exhausted: false }] })],
    undefined,
  ],
  ['a refusal after which a turn went through', [turnFailed('m1', limited), turnEnded('m2')], undefined],
  [
    'a refusal after which limits have room',
    [turnFailed('m1', limited), event({ type: 'limits-reported', limits: [{ ...week, exhausted: false }] })],
    undefined,
  ],
  ['a time that no limit can have', [turnFailed('m1', { ...limited, resetsAt: 9e15 })], undefined],
  [
    'a limit that was lifted',
    [
      event({ type: 'limits-reported', limits: [week] }),
      event({ type: 'limits-reported', limits: [{ ...week, exhausted: false }] }),
    ],
    undefined,
  ],
])('%s', (_name, facts, restsUntil) => {
  const health = after(...facts)
  expect(findAccountLimitFailure(health, { provider: 'claude', name: 'claude' }, 1000)?.resetsAt).toBe(
    restsUntil,
  )
  expect(findAccountLimitFailure(health, { provider: 'codex', name: 'codex' }, 1000)).toBeUndefined()
  expect(findAccountLimitFailure(health, { provider: 'claude', name: 'claude' }, 10_000)).toBeUndefined()
})
