import { SubagentError, type ErrorCode, type Failure } from '@subagent-mcp/contract'
import { chooseCandidates, type Candidate } from '@subagent-mcp/routing'
import type { Profile } from './agent.js'
import type { Selector } from './check-order.js'
import { restingFailure } from './health.js'
import { describeAttempt, type Attempt, type Route } from './route.js'
import type { Supervisor } from './supervisor.js'

/** The candidates of a launch, and what of the order will not be as it was asked for. */
export type LaunchPlan = { route: Route; notes: readonly string[] }

/** Picks whom to try, best first. @throws SubagentError when nobody can be tried, with each one's reason. */
export function planRoute(
  supervisor: Supervisor,
  profile: Profile,
  { deadlock, ...asked }: Selector & { deadlock: boolean },
): LaunchPlan {
  const table = supervisor.routingOf(profile.project)
  // Who names provider and model means it: a provider that rests is asked all the same.
  const obstacle = createObstacles(supervisor, profile, table.health && asked.model === undefined)
  const query = {
    category: profile.category,
    ...asked,
    ...(deadlock && { deadlock: { tried: earlierCandidates(supervisor, profile) } }),
  }
  const { pinned, candidates, skipped } = chooseCandidates(table, query, obstacle)
  const [current, ...left] = candidates
  const attempts = skipped.map((attempt) => ({ ...attempt, tried: false }))
  if (!current) throw nobodyLeft(attempts)
  const failure = pinned ? obstacle(current) : undefined
  if (failure) throw refusal(failure)
  return {
    route: { pinned, health: table.health, current, left, attempts },
    notes: effortNotes(supervisor, current),
  }
}

/** Why a candidate cannot be tried now, as far as can be seen without starting its CLI. */
function createObstacles(
  { drivers, environmentOf, fleet, clock }: Supervisor,
  { caller }: Profile,
  health: boolean,
): (candidate: Candidate) => Failure | undefined {
  const seen = new Map<string, Failure | undefined>()
  const ofProvider = (provider: string): Failure | undefined => {
    const driver = drivers.get(provider)
    if (!driver) return { reason: 'not-installed', message: `no provider '${provider}' is configured` }
    const resting = health ? restingFailure(fleet().health, provider, clock.now()) : undefined
    return driver.preflight(environmentOf(caller)) ?? resting
  }
  return ({ provider, model, effort }) => {
    if (!seen.has(provider)) seen.set(provider, ofProvider(provider))
    const choice = effort && drivers.get(provider)?.effort(effort, model)
    const refused: Failure | undefined =
      choice?.type === 'refused' ? { reason: 'bad-request', message: choice.message } : undefined
    return seen.get(provider) ?? refused
  }
}

/** Who has tried this task before: launches in the project with the same prompt, or under the same name. */
function earlierCandidates({ fleet }: Supervisor, { project, task, name }: Profile): Candidate[] {
  return [...fleet().agents.values()]
    .filter(({ profile }) => profile.project === project)
    .filter(({ profile }) => profile.task === task || (name !== undefined && profile.name === name))
    .flatMap(({ route }) => [
      ...route.attempts.filter(({ tried }) => tried).map(({ candidate }) => candidate),
      route.current,
    ])
}

function effortNotes({ drivers }: Supervisor, { provider, model, effort }: Candidate): string[] {
  const choice = effort && drivers.get(provider)?.effort(effort, model)
  return choice?.type === 'none' ? [choice.note] : []
}

function refusal({ reason, message, hint }: Failure): SubagentError {
  return new SubagentError(errorCode(reason), message, hint === undefined ? {} : { hint })
}

/** One error that tells of each provider once. */
function nobodyLeft(attempts: readonly Attempt[]): SubagentError {
  const told = new Map(attempts.map((attempt) => [attempt.failure.message, attempt]))
  const failures = [...told.values()].map(({ failure }) => failure)
  const [first] = failures
  const code =
    first && failures.every(({ reason }) => reason === first.reason)
      ? errorCode(first.reason)
      : 'no-candidate'
  const hints = new Set(failures.flatMap(({ hint }) => hint ?? []))
  const hint = hints.size > 0 ? [...hints].join('; or ') : 'subagent-mcp routes shows what this machine has'
  return new SubagentError(code, `none can do it: ${[...told.values()].map(describeAttempt).join('; ')}`, {
    hint,
  })
}

function errorCode(reason: Failure['reason']): ErrorCode {
  if (reason === 'not-installed' || reason === 'not-signed-in') return reason
  return reason === 'bad-request' ? 'not-supported' : 'no-candidate'
}
