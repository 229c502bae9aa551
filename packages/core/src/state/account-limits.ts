import type { AccountLimit, Failure, SessionEvent } from '@subagent-mcp/contract'
import { describeAccount, type AccountReference } from '../accounts/named-accounts.js'
import type { AccountLimits } from './agents-state.js'
import type { AgentFact } from './fact.js'

/** Applies what a fact says about the limits of the account on which its agent runs. */
export function updateAccountLimits(known: AccountLimits, account: string, fact: AgentFact): AccountLimits {
  const earlier = known.get(account)
  const limits = reportedLimits(fact)
  const isLifted = showsRoom(fact) && (earlier?.has(refusal) ?? false)
  if (limits.length === 0 && !isLifted) return known
  const next = new Map(earlier)
  if (isLifted) next.delete(refusal)
  for (const limit of limits) next.set(limit.name, limit)
  return new Map(known).set(account, next)
}

/** The failure of an account that has reached an account limit, with the time at which the last reached limit ends. */
export function findAccountLimitFailure(
  known: AccountLimits,
  account: AccountReference,
  now: number,
): Failure | undefined {
  const ends = [...(known.get(account.name)?.values() ?? [])].flatMap(({ exhausted, resetsAt }) =>
    exhausted && resetsAt !== undefined && isToCome(resetsAt, now) ? [resetsAt] : [],
  )
  if (ends.length === 0) return undefined
  const resetsAt = Math.max(...ends)
  const message = `${describeAccount(account)} is at its limit until ${new Date(resetsAt).toISOString()}`
  return { reason: 'rate-limited', message, resetsAt }
}

/** The name for an account limit that is known only because the provider refused a request. */
const refusal = 'refused'

/** The longest time until a limit resets, 8 days: a later time was given in another unit. */
const longestLimit = 8 * 24 * 60 * 60 * 1000

function isToCome(resetsAt: number, now: number): boolean {
  return resetsAt > now && resetsAt <= now + longestLimit
}

function reportedLimits(fact: AgentFact): readonly AccountLimit[] {
  if (fact.type === 'session-open-failed') return hitLimit(fact.failure)
  if (fact.type !== 'session-event-received') return []
  const { event } = fact
  return event.type === 'limits-reported' ? event.limits : hitLimit(eventFailure(event))
}

/** Whether a fact shows that the account has reached no limit: a completed turn, or a report of limits with room left. */
function showsRoom(fact: AgentFact): boolean {
  if (fact.type !== 'session-event-received') return false
  const { event } = fact
  if (event.type === 'turn-ended') return event.outcome.type === 'completed'
  return event.type === 'limits-reported' && !event.limits.some(({ exhausted }) => exhausted)
}

function eventFailure(event: SessionEvent): Failure | undefined {
  if (event.type === 'retry-announced') return event.failure
  return event.type === 'turn-ended' && event.outcome.type === 'failed' ? event.outcome.failure : undefined
}

function hitLimit(failure: Failure | undefined): readonly AccountLimit[] {
  if (failure?.reason !== 'rate-limited' || failure.resetsAt === undefined) return []
  return [{ name: refusal, resetsAt: failure.resetsAt, exhausted: true }]
}
