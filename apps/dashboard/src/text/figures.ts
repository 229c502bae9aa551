import type { AgentSummary } from '../data/agents.js'

/** A time span as `40s`, `5m`, `2h 5m` or `3d`. */
export function formatTimeSpan(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000))
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours}h ${minutes % 60}m` : `${Math.floor(hours / 24)}d`
}

/** Tokens and cost of the newest turns that a summary has; what the provider did not report is unknown. */
export function formatAgentUsage({ turns, turnCount }: AgentSummary): string {
  const used = turns.flatMap(({ usage }) => usage ?? [])
  if (used.length === 0) return 'cost unknown'
  const tokens = used.reduce(
    (sum, { inputTokens = 0, outputTokens = 0 }) => sum + inputTokens + outputTokens,
    0,
  )
  const costs = used.flatMap(({ costUsd }) => costUsd ?? [])
  const cost = costs.reduce((sum, one) => sum + one, 0)
  const least = turnCount > turns.length ? 'at least ' : ''
  const price = costs.length === 0 ? 'cost unknown' : `$${cost.toFixed(cost < 1 ? 3 : 2)}`
  return `${least}${formatTokenCount(tokens)} tokens, ${price}`
}

/** A number of tokens: `950`, `12k`, `3.4M`. */
export function formatTokenCount(count: number): string {
  if (count < 10_000) return String(count)
  return count < 1_000_000 ? `${Math.round(count / 1_000)}k` : `${(count / 1_000_000).toFixed(1)}M`
}

/** Describes how long an agent has worked so far, or worked until its end. */
export function formatWorkedTime({ launchedAt, endedAt, turns, status }: AgentSummary, now: number): string {
  const end = endedAt ?? (isAgentDone(status) ? turns.at(-1)?.endedAt : undefined)
  return formatTimeSpan((end ?? now) - launchedAt)
}

/** Whether an agent with this status has no turn to run. */
export function isAgentDone(status: AgentSummary['status']): boolean {
  return status === 'finished' || status === 'errored' || status === 'stopped' || status === 'interrupted'
}

/** A moment as the time of day, with the date if it is another day. */
export function formatDateTime(at: number): string {
  const [then, today] = [new Date(at), new Date()]
  const time = then.toLocaleTimeString('en-GB')
  return then.toDateString() === today.toDateString() ? time : `${then.toLocaleDateString('en-CA')} ${time}`
}
