import type { AccountLimit, Failure, SessionEvent } from '@subagent-mcp/contract'
import type { AgentFact } from './fact.js'

/** By provider: what its sessions said of the account's limits. What nobody said is unknown, not full. */
export type Health = ReadonlyMap<string, ReadonlyMap<string, AccountLimit>>

/** What a fact of a provider's tells about its limits. */
export function noteHealth(health: Health, provider: string, fact: AgentFact): Health {
  const limits = toldLimits(fact)
  if (limits.length === 0) return health
  const known = new Map(health.get(provider))
  for (const limit of limits) known.set(limit.name, limit)
  return new Map(health).set(provider, known)
}

/** Why a provider is to be left alone now: the limit that ends last of those it has hit. */
export function restingFailure(health: Health, provider: string, now: number): Failure | undefined {
  const resetsAt = Math.max(...exhausted(health, provider).map((limit) => limit.resetsAt ?? 0))
  if (resetsAt <= now) return undefined
  return {
    reason: 'rate-limited',
    message: `${provider} rests until ${new Date(resetsAt).toISOString()}`,
    resetsAt,
  }
}

function exhausted(health: Health, provider: string): AccountLimit[] {
  return [...(health.get(provider)?.values() ?? [])].filter((limit) => limit.exhausted)
}

function toldLimits(fact: AgentFact): readonly AccountLimit[] {
  if (fact.type === 'session-open-failed') return hitLimit(fact.failure)
  if (fact.type !== 'session-event-received') return []
  const { event } = fact
  return event.type === 'limits-reported' ? event.limits : hitLimit(eventFailure(event))
}

function eventFailure(event: SessionEvent): Failure | undefined {
  if (event.type === 'retry-announced') return event.failure
  return event.type === 'turn-ended' && event.outcome.type === 'failed' ? event.outcome.failure : undefined
}

function hitLimit(failure: Failure | undefined): readonly AccountLimit[] {
  if (failure?.reason !== 'rate-limited' || failure.resetsAt === undefined) return []
  return [{ name: 'refused', resetsAt: failure.resetsAt, exhausted: true }]
}
