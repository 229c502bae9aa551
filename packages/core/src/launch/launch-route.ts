import type { LaunchAttempt } from '@subagent-mcp/api'
import type { Failure } from '@subagent-mcp/contract'
import { formatCandidate, type RouteCandidate } from '@subagent-mcp/routing'

/** The candidates of a launch: the current one, the remaining ones, and the attempts that failed. */
export type LaunchRoute = {
  /** Whether the caller named provider and model, so that no other candidate is tried. */
  pinned: boolean
  /** Whether providers with a known rate limit are skipped until the limit ends. */
  health: boolean
  /** The only provider that the caller allows for this launch. Missing in older journals. */
  provider?: string
  current: RouteCandidate
  /** The candidates to try next, best first. */
  left: readonly RouteCandidate[]
  attempts: readonly LaunchAttempt[]
}

/**
 * A failure of a launch before its first output, and when it occurred: while the session opened, in the first turn,
 * as the session closed, or in a retry that the CLI announced.
 */
export type LaunchFailure = {
  failure: Failure
  at: number
  during: 'opening' | 'turn' | 'closing' | 'retry'
}

/**
 * The route after a failure before the first output, or `undefined` where no candidate is left. A lost connection
 * gets one more attempt with the same candidate, unless the CLI retries by itself.
 */
export function advanceLaunchRoute(
  route: LaunchRoute,
  launchFailure: LaunchFailure,
): LaunchRoute | undefined {
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
 * The failure of a launch without further candidates. It names every candidate, unless there was only one, or the one
 * allowed provider failed with the same reason each time.
 */
export function createFinalLaunchFailure(route: LaunchRoute, failure: Failure): Failure {
  const { provider, attempts, current, left } = route
  const tried = attempts.filter((attempt) => attempt.tried)
  if (provider !== undefined && tried.every((attempt) => attempt.failure.reason === failure.reason))
    return { ...failure, hint: combineFailureHints([failure], provider).hint }
  if (attempts.length === 0 && left.length === 0) return failure
  const all = [
    ...attempts,
    { candidate: current, failure, tried: true },
    ...left.map((candidate) => ({ candidate, failure, tried: false })),
  ]
  return {
    reason: 'no-candidate-left',
    reasons: [...new Set(all.map((attempt) => attempt.failure.reason))],
    message: `none could do it: ${all.map(describeLaunchAttempt).join('; ')}`,
    ...combineFailureHints(
      all.map((attempt) => attempt.failure),
      provider,
    ),
  }
}

/** Combines hints of failures, and the earliest end of a limit. With `provider` it also suggests `prefer`. */
export function combineFailureHints(
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

/** Describes a launch attempt on one line: candidate, reason and message. */
export function describeLaunchAttempt({ candidate, failure, tried }: LaunchAttempt): string {
  const [line = ''] = failure.message.trim().split('\n', 1)
  const message = line.length > longestReason ? `${line.slice(0, longestReason).toWellFormed()}…` : line
  return `${formatCandidate(candidate)}${tried ? '' : ' (not tried)'}: ${failure.reason}: ${message}`
}

const longestReason = 160

function wasTried({ attempts }: LaunchRoute, candidate: RouteCandidate): boolean {
  return attempts.some(
    (earlier) => earlier.tried && formatCandidate(earlier.candidate) === formatCandidate(candidate),
  )
}

/** Whether a launch failure applies to the whole provider, so that its other models are not tried. */
function dooms(
  { health }: LaunchRoute,
  { failure: { reason, resetsAt }, at, during }: LaunchFailure,
): boolean {
  if (reason === 'rate-limited') return health && resetsAt !== undefined && resetsAt > at
  if (['crashed', 'timed-out', 'refused'].includes(reason)) return during === 'opening'
  return reason === 'not-installed' || reason === 'not-signed-in'
}
