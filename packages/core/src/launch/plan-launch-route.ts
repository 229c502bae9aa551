import { launchOptions, pickSchemaKeys, type LaunchOptions } from '@subagent-mcp/api'
import { omitUndefined, SubagentError, type DriverAbilities, type Failure } from '@subagent-mcp/contract'
import {
  chooseCandidates,
  createMissingDriverFailure,
  type RouteCandidate,
  type FindCandidateObstacle,
} from '@subagent-mcp/routing'
import {
  explainUnusableAccount,
  findAgentAccount,
  chooseAccountsByProvider,
  findAccount,
  createAccountProviderMismatchError,
  findAccountProvider,
} from '../accounts/named-accounts.js'
import type { Agent, AgentProfile } from '../agent/agent.js'
import { mapFailureToErrorCode, createErrorFromFailure } from './create-error-from-failure.js'
import { findAccountBudgetFailure } from '../budget/account-budgets.js'
import { findUnknownCostFailure } from '../budget/check-budget.js'
import { findAccountLimitFailure } from '../state/account-limits.js'
import { findCallerProvider } from '../state/agents-of-caller.js'
import type { LaunchTemplate } from './launch-template.js'
import { combineFailureHints, type LaunchRoute } from './launch-route.js'
import type { Supervisor } from '../supervisor/supervisor.js'

/** The candidates of a launch, and a note if the effort is not supported. */
export type LaunchPlan = { route: LaunchRoute; notes: readonly string[] }

/** Ranks the candidates of a launch, best first. @throws SubagentError with the reasons if none can be tried */
export function planLaunchRoute(
  supervisor: Supervisor,
  profile: AgentProfile,
  options: Pick<LaunchOptions, 'provider' | 'prefer' | 'model' | 'effort' | 'deadlock'>,
): LaunchPlan {
  checkProviders(supervisor, options)
  const { account } = profile
  const provider = findAccountProvider(supervisor, { ...options, ...omitUndefined({ account }) })
  const asked = { ...pickSchemaKeys(options, selecting), ...omitUndefined({ provider }) }
  const table = supervisor.routingOf(profile.project)
  // A caller that names provider and model gets them, even at a known rate limit.
  const obstacle = createObstacles(supervisor, profile, table.health && asked.model === undefined)
  const ofCaller = findCallerProvider(supervisor.state(), profile.caller)
  const query = {
    category: profile.category,
    ...asked,
    ...omitUndefined({ ofCaller }),
    ...(options.deadlock && { deadlock: { tried: earlierCandidates(supervisor, profile) } }),
  }
  const { pinned, candidates, skipped } = chooseCandidates(table, query, obstacle)
  const [current, ...left] = candidates
  const attempts = skipped.map((attempt) => ({ ...attempt, tried: false }))
  // For a pinned route the provider is in the candidate.
  const named = pinned ? undefined : asked.provider
  if (!current)
    throw noneLeft(
      skipped.map(({ failure }) => failure),
      {
        cannot: named === undefined ? 'none can do it' : `${named} cannot do it`,
        ...omitUndefined({ named }),
      },
    )
  const failure = pinned ? obstacle(current) : undefined
  if (failure) throw createErrorFromFailure(failure)
  return {
    route: {
      ...{ pinned, health: table.health, current, left, attempts },
      ...(named !== undefined && { provider: named }),
    },
    notes: effortNotes(supervisor, current),
  }
}

/** The launch options that choose a candidate instead of the routing table. */
const { provider, prefer, model, effort } = launchOptions
const selecting = { provider, prefer, model, effort }

/** Checks that the named providers have drivers. @throws SubagentError `unknown-provider` */
function checkProviders(
  { drivers }: Supervisor,
  { provider, prefer }: Pick<LaunchOptions, 'provider' | 'prefer'>,
): void {
  const unknown = [provider, prefer].find((name) => name !== undefined && !drivers.has(name))
  if (unknown === undefined) return
  const hint = `use one of ${[...drivers.keys()].join(', ')}`
  throw new SubagentError('unknown-provider', `no provider '${unknown}'`, { hint })
}

/** Plans a launch on the candidates of its definition only. @throws SubagentError if the first cannot be tried */
export function planRouteOfDefinition(
  supervisor: Supervisor,
  profile: AgentProfile,
  { candidate, left = [] }: Pick<LaunchTemplate, 'candidate' | 'left'>,
): LaunchPlan {
  if (profile.account !== undefined) checkAccount(supervisor, profile.account, candidate)
  const failure = createObstacles(supervisor, profile, false)(candidate)
  if (failure) throw createErrorFromFailure(failure)
  return {
    route: { pinned: left.length === 0, health: true, current: candidate, left, attempts: [] },
    notes: effortNotes(supervisor, candidate),
  }
}

/** Checks that the provider of a definition has the account of the launch. @throws SubagentError `invalid-parameter` */
function checkAccount(supervisor: Supervisor, name: string, { provider }: RouteCandidate): void {
  const account = findAccount(supervisor, name)
  if (account.provider !== provider) throw createAccountProviderMismatchError(name, account, provider)
}

/** A definition that leaves its provider to the routing table. */
export type DefinitionWithOpenProvider = Pick<
  AgentProfile,
  'project' | 'category' | 'caller' | 'budget' | 'reviewOf'
> & {
  /** Whether the caller's own provider is never chosen. */
  other: boolean
  /** The only provider of the launch, because the caller named it. */
  provider?: string
  /** The named account of the launch. Only the provider of this account is tried. */
  account?: string
  /** Why a provider cannot honour the definition; `undefined` if it can. */
  refusalOf(provider: string): Failure | undefined
}

/** The candidates that can be tried for a definition without a provider of its own, best first. @throws SubagentError with the reasons if none can be tried */
export function listOpenProviderCandidates(
  supervisor: Supervisor,
  { other, refusalOf, provider: wanted, account, ...place }: DefinitionWithOpenProvider,
): readonly [RouteCandidate, ...RouteCandidate[]] {
  const provider = findAccountProvider(supervisor, omitUndefined({ account, provider: wanted }))
  checkProviders(supervisor, omitUndefined({ provider }))
  const accounts = chooseAccountsByProvider(supervisor, {
    environment: supervisor.environmentOf(place.caller),
    ...omitUndefined({ wanted: account }),
  })
  const profile = { ...place, ...accounts }
  const table = supervisor.routingOf(profile.project)
  const ofCaller = findCallerProvider(supervisor.state(), profile.caller)
  if (other && provider !== undefined && provider === ofCaller) throw sameVendor(provider)
  const { category } = profile
  const query = { category, ...omitUndefined({ provider, ofCaller, ...(other && { without: ofCaller }) }) }
  const obstacle = createObstacles(supervisor, profile, table.health)
  const { candidates, skipped } = chooseCandidates(
    table,
    query,
    (candidate) => refusalOf(candidate.provider) ?? obstacle(candidate),
  )
  const [first, ...left] = candidates
  if (first) return [first, ...left]
  const anyOf = other && ofCaller !== undefined ? `no other provider than ${ofCaller} can` : 'none can do it'
  const who = provider === undefined ? anyOf : `${provider} cannot do it`
  throw noneLeft(
    skipped.map(({ failure }) => failure),
    {
      cannot: skipped.length > 0 ? who : `${who}: none is listed for ${category}`,
      ...omitUndefined({ named: provider }),
    },
  )
}

function sameVendor(provider: string): SubagentError {
  const message = `the definition wants another provider than yours, and ${provider} is yours`
  return new SubagentError('invalid-parameter', message, { hint: 'name another provider, or leave it out' })
}

/** Returns a function that tells why a candidate cannot be tried now. It does not start the candidate's CLI. */
function createObstacles(
  supervisor: Supervisor,
  profile: Pick<AgentProfile, 'caller' | 'setup' | 'authority' | 'accounts'> &
    Partial<Pick<AgentProfile, 'budget' | 'origin' | 'reviewOf'>>,
  health: boolean,
): FindCandidateObstacle {
  const { drivers, environmentOf, state, clock } = supervisor
  const seen = new Map<string, Failure | undefined>()
  const ofProvider = (provider: string): Failure | undefined => {
    const driver = drivers.get(provider)
    if (!driver) return createMissingDriverFailure(provider)
    const now = clock.now()
    const account = findAgentAccount(profile, provider)
    const resting = health ? findAccountLimitFailure(state().accountLimits, account, now) : undefined
    return (
      explainUnusableAccount(supervisor, environmentOf(profile.caller), account) ??
      checkSetup(profile, driver) ??
      findUnknownCostFailure(state(), profile, driver) ??
      resting ??
      findAccountBudgetFailure(state(), { ...account, abilities: driver.abilities }, now)
    )
  }
  return ({ provider, model, effort }) => {
    if (!seen.has(provider)) seen.set(provider, ofProvider(provider))
    const choice = effort && drivers.get(provider)?.effort(effort, model)
    const refused: Failure | undefined =
      choice?.type === 'refused' ? { reason: 'bad-request', message: choice.message } : undefined
    return seen.get(provider) ?? refused
  }
}

/** Candidates that have worked on this task: launches in the project with the same prompt or name. */
function earlierCandidates({ state }: Supervisor, { project, task, name }: AgentProfile): RouteCandidate[] {
  return [...state().agents.values()]
    .filter(({ profile }) => profile.project === project)
    .filter(({ profile }) => profile.task === task || (name !== undefined && profile.name === name))
    .filter(hasWorked)
    .map(({ route }) => route.current)
}

/** Whether a turn of the agent produced output. A candidate whose launch was refused has not failed at the task. */
function hasWorked({ turns }: Agent): boolean {
  return turns.some(
    ({ outcome, firstOutputAt }) => outcome.type === 'completed' || firstOutputAt !== undefined,
  )
}

function effortNotes({ drivers }: Supervisor, { provider, model, effort }: RouteCandidate): string[] {
  const choice = effort && drivers.get(provider)?.effort(effort, model)
  return choice?.type === 'none' ? [choice.note] : []
}

/** The error for a launch without candidates, with each reason once. `named` is the provider that the caller named. */
function noneLeft(
  failures: readonly Failure[],
  { cannot, named }: { cannot: string; named?: string },
): SubagentError {
  const [first] = failures
  const code =
    first && failures.every(({ reason }) => reason === first.reason)
      ? mapFailureToErrorCode(first.reason)
      : 'no-candidate'
  const reasons = new Set(failures.map(({ reason, message }) => `${reason}: ${message}`))
  return new SubagentError(
    code,
    [cannot, [...reasons].join('; ')].filter(Boolean).join(': '),
    combineFailureHints(failures, named),
  )
}

/** The failure of a provider that does not support the launch's session settings; ignores `tools` in a closed list. */
function checkSetup(
  { setup = {}, authority }: Pick<AgentProfile, 'setup' | 'authority'>,
  { id, abilities }: { id: string; abilities: DriverAbilities },
): Failure | undefined {
  const isClosed = authority?.closed !== undefined
  const { tools, maxTurns, mcpServers } = setup
  const wishes = [
    { wish: tools, able: abilities.toolChoice || isClosed, message: 'cannot be held to some tools' },
    { wish: maxTurns, able: abilities.maxTurns, message: 'cannot be held to a number of turns' },
    { wish: mcpServers, able: abilities.ownMcpServers, message: 'cannot be given MCP servers of its own' },
  ]
  const refused = wishes.find(({ wish, able }) => wish !== undefined && !able)
  if (!refused) return undefined
  return {
    reason: 'bad-request',
    message: `${id} ${refused.message}`,
    hint: 'leave it out, or launch another provider',
  }
}
