import type { AccountLimit, Failure, SessionEvent } from '@subagent-mcp/contract'
import type { AccountLimits } from './agents-state.js'
import type { AgentFact } from './fact.js'

/** What a fact of a provider's tells about its limits. */
export function updateAccountLimits(health: AccountLimits, provider: string, fact: AgentFact): AccountLimits {
  const known = health.get(provider)
  const limits = toldLimits(fact)
  const isLifted = showsRoom(fact) && (known?.has(refusal) ?? false)
  if (limits.length === 0 && !isLifted) return health
  const next = new Map(known)
  if (isLifted) next.delete(refusal)
  for (const limit of limits) next.set(limit.name, limit)
  return new Map(health).set(provider, next)
}

/** Why a provider is to be left alone now: the limit that ends last of those it has hit. */
export function accountLimitFailure(
  health: AccountLimits,
  provider: string,
  now: number,
): Failure | undefined {
  const ends = [...(health.get(provider)?.values() ?? [])].flatMap(({ exhausted, resetsAt }) =>
    exhausted && resetsAt !== undefined && isToCome(resetsAt, now) ? [resetsAt] : [],
  )
  if (ends.length === 0) return undefined
  const resetsAt = Math.max(...ends)
  const message = `${provider} is at its limit until ${new Date(resetsAt).toISOString()}`
  return { reason: 'rate-limited', message, resetsAt }
}

/** The name of a limit that is only known by a request that was refused. */
const refusal = 'refused'

/** No provider has a limit longer than a week: what is said to end later was said in another unit. */
const longestLimit = 8 * 24 * 60 * 60 * 1000

function isToCome(resetsAt: number, now: number): boolean {
  return resetsAt > now && resetsAt <= now + longestLimit
}

function toldLimits(fact: AgentFact): readonly AccountLimit[] {
  if (fact.type === 'session-open-failed') return hitLimit(fact.failure)
  if (fact.type !== 'session-event-received') return []
  const { event } = fact
  return event.type === 'limits-reported' ? event.limits : hitLimit(eventFailure(event))
}

/** A turn that went through, or a word of limits of which none is used up. */
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
