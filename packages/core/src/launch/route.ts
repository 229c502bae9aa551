import type { Attempt } from '@subagent-mcp/api'
import type { Failure } from '@subagent-mcp/contract'
import { candidateName, type Candidate } from '@subagent-mcp/routing'

/** Which candidates a launch may take, and what came of those before the one that it has now. */
export type LaunchRoute = {
  /** The caller named provider and model: nothing takes their place. */
  pinned: boolean
  /** A provider that says when its rate limit ends is left alone until then. */
  health: boolean
  /** The caller named this provider alone: `left` has no other's candidates. Older journals have none of it. */
  provider?: string
  current: Candidate
  /** To be tried next, best first. */
  left: readonly Candidate[]
  attempts: readonly Attempt[]
}

/**
 * How far a launch had come when it failed: its session was being opened, had a turn that failed, closed by itself,
 * or its CLI said that it tries again.
 */
export type LaunchFailure = {
  failure: Failure
  at: number
  during: 'opening' | 'turn' | 'closing' | 'retry'
}

/**
 * The way on from a candidate that failed before it had said anything; `undefined` when there is none. A broken
 * connection gets one more try of the same candidate, unless its CLI is trying already.
 */
export function nextRoute(route: LaunchRoute, launchFailure: LaunchFailure): LaunchRoute | undefined {
  if (route.pinned) return undefined
  const { failure, during } = launchFailure
  const { current, left } = route
  const attempts = [...route.attempts, { candidate: current, failure, tried: true }]
  const mayPass = failure.reason === 'connection-lost' && during !== 'retry'
  if (mayPass && !wasTried(route, current)) return { ...route, attempts }
  const lost = left.filter(({ provider }) => provider === current.provider && dooms(route, launchFailure))
  const [next, ...rest] = left.filter((candidate) => !lost.includes(candidate))
  if (!next) return undefined
  const untried = lost.map((candidate) => ({ candidate, failure, tried: false }))
  return { ...route, current: next, left: rest, attempts: [...attempts, ...untried] }
}

/**
 * The failure of a launch that has no way on: the last one's own, or one that names every candidate. Where a named
 * provider failed each time for one reason, it is that one.
 */
export function finalFailure(route: LaunchRoute, failure: Failure): Failure {
  const { provider, attempts, current, left } = route
  const tried = attempts.filter((attempt) => attempt.tried)
  if (provider !== undefined && tried.every((attempt) => attempt.failure.reason === failure.reason))
    return { ...failure, hint: combineAdvice([failure], provider).hint }
  if (attempts.length === 0 && left.length === 0) return failure
  const all = [
    ...attempts,
    { candidate: current, failure, tried: true },
    ...left.map((candidate) => ({ candidate, failure, tried: false })),
  ]
  return {
    reason: 'no-candidate-left',
    reasons: [...new Set(all.map((attempt) => attempt.failure.reason))],
    message: `none could do it: ${all.map(describeAttempt).join('; ')}`,
    ...combineAdvice(
      all.map((attempt) => attempt.failure),
      provider,
    ),
  }
}

/**
 * What may help against one of several failures: each hint once, and the first time at which a limit ends. With
 * `provider` also how to let others do it.
 */
export function combineAdvice(
  failures: readonly Failure[],
  provider: string | undefined,
): { hint: string; resetsAt?: number } {
  const hints = new Set(failures.flatMap(({ hint }) => hint ?? []))
  const resets = failures.flatMap(({ resetsAt }) => resetsAt ?? [])
  const last =
    provider === undefined
      ? 'subagent-mcp routes shows what this machine has'
      : `give prefer ${provider} in place of provider: then other providers may do it`
  return {
    hint: [...hints, last].join('; or '),
    ...(resets.length > 0 && { resetsAt: Math.min(...resets) }),
  }
}

/** An attempt in a line: who, and why not. */
export function describeAttempt({ candidate, failure, tried }: Attempt): string {
  const [line = ''] = failure.message.trim().split('\n', 1)
  const message = line.length > longestReason ? `${line.slice(0, longestReason).toWellFormed()}…` : line
  return `${candidateName(candidate)}${tried ? '' : ' (not tried)'}: ${failure.reason}: ${message}`
}

const longestReason = 160

function wasTried({ attempts }: LaunchRoute, candidate: Candidate): boolean {
  return attempts.some(
    (earlier) => earlier.tried && candidateName(earlier.candidate) === candidateName(candidate),
  )
}

/** Whether a failure is the whole provider's, so that its other models need not be tried. */
function dooms(
  { health }: LaunchRoute,
  { failure: { reason, resetsAt }, at, during }: LaunchFailure,
): boolean {
  if (reason === 'rate-limited') return health && resetsAt !== undefined && resetsAt > at
  if (['crashed', 'timed-out', 'refused'].includes(reason)) return during === 'opening'
  return reason === 'not-installed' || reason === 'not-signed-in'
}
