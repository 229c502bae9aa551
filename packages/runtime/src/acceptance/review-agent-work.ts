import { CodeReview, type AcceptanceOptions, type CheckEvidence } from '@subagent-mcp/api'
import { omitUndefined, formatLocalDate, parseJson, SubagentError } from '@subagent-mcp/contract'
import {
  connectCaller,
  loadCurrentTurnText,
  findAgentFailure,
  disconnectCaller,
  launchSupervisedAgent,
  listOpenProviderCandidates,
  readProviderAndModel,
  pruneAgents,
  stopAgent,
  type Agent,
  type LaunchRequest,
  type Supervisor,
} from '@subagent-mcp/core'
import { composeAgentPrompt, findDefinition, listSearchFolders } from '@subagent-mcp/definitions'
import { strictestCallerPermissions } from '@subagent-mcp/permissions'
import { formatProviderModel } from '@subagent-mcp/routing'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { waitForAgents } from '../agents/wait-for-agents.js'
import type { CallerEnvironments } from '../callers/caller-environments.js'

export type ReviewerContext = { supervisor: Supervisor; environments: CallerEnvironments }

type ReviewEvidence = CheckEvidence & { type: 'review' }

/** The work to review: its agent, the prompt for the reviewer, and the tree that it sees. */
export type AgentWorkToReview = { agent: Agent; prompt: string; tree: string; signal: AbortSignal }

/** The milliseconds after which a review is given up. */
const reviewLimit = 1_800_000

/**
 * Lets an agent of another provider than the one that worked judge the work, with the built-in definition `reviewer`, which only
 * reads: the project's own reviewer could approve everything. The reviewer is deleted after its answer. Never rejects.
 */
export async function reviewAgentWork(
  parts: ReviewerContext,
  work: AgentWorkToReview,
): Promise<ReviewEvidence> {
  const { supervisor, environments } = parts
  const { profile, actor, route } = work.agent
  const caller = randomUUID()
  const { provider } = route.current
  environments.add(caller, environments.of(actor))
  // For the reviewer's launch the provider that did the work counts as the caller's provider, which never reviews.
  const rights = { authority: strictestCallerPermissions, folder: profile.cwd, vendor: provider }
  connectCaller(supervisor, { caller, project: profile.project, depth: profile.depth - 1, ...rights })
  try {
    return await review(supervisor, { ...work, caller })
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    return { type: 'review', passed: false, findings: [], problem: error.message }
  } finally {
    disconnectCaller(supervisor, caller)
    environments.leave(caller)
  }
}

async function review(
  supervisor: Supervisor,
  { caller, agent, prompt, tree, signal }: AgentWorkToReview & { caller: string },
): Promise<ReviewEvidence> {
  const launched = launchSupervisedAgent(
    supervisor,
    caller,
    reviewRequest(supervisor, caller, { agent, prompt }),
  )
  const { id } = launched.agent.profile
  try {
    const query = { agentIds: [id], until: 'all', timeout: reviewLimit, signal } as const
    const { timedOut, agents } = await waitForAgents(supervisor, query)
    const [reviewer] = agents
    const by = formatProviderModel(readProviderAndModel(reviewer ?? launched.agent))
    const none = (problem: string): ReviewEvidence => ({
      ...{ type: 'review', passed: false, by, findings: [], problem },
    })
    if (timedOut || !reviewer) return none('the reviewer has not answered in time')
    const failure = findAgentFailure(reviewer)
    if (failure) return none(failure.message)
    // Its answer was compared with the schema of its launch.
    const said = CodeReview.parse(parseJson(loadCurrentTurnText(supervisor, reviewer)))
    return { type: 'review', passed: said.verdict === 'approve', by, tree, ...said }
  } finally {
    await stopAgent(supervisor, caller, id)
    pruneAgents(supervisor, { agentIds: [id] })
  }
}

function reviewRequest(
  supervisor: Supervisor,
  caller: string,
  { agent: { profile }, prompt }: Pick<AgentWorkToReview, 'agent' | 'prompt'>,
): LaunchRequest {
  const { id: reviewOf, cwd, project, accept } = profile
  const environment = supervisor.environmentOf(caller)
  const builtIn = listSearchFolders(project, environment).agents.filter((place) => place.builtIn)
  const definition = findDefinition('reviewer', { agents: builtIn, skills: [], expertise: [] }, project)
  const date = formatLocalDate(supervisor.clock.now())
  const named = accept?.review === true ? undefined : accept?.review
  const [candidate, ...left] = listOpenProviderCandidates(supervisor, {
    ...{ project, caller, category: 'quality_review', reviewOf, other: true, refusalOf: () => undefined },
    ...omitUndefined({ provider: named }),
  })
  return {
    ...{ prompt, cwd, category: 'quality_review', name: `review of ${reviewOf}`, reviewOf },
    outputSchema: z.toJSONSchema(CodeReview),
    template: {
      ...{ name: 'reviewer', candidate, left, authority: strictestCallerPermissions },
      setup: { appendSystemPrompt: composeAgentPrompt(definition, { cwd, date }) },
    },
  }
}

/**
 * Refuses a launch whose result no other provider could review now. `worker`: the provider that the launch names; without one any
 * may get the work. `budget`: that of the launch, which also pays the reviewer. @throws SubagentError `no-candidate`, or the reasons why a named reviewer cannot be used
 */
export function requireReviewerProvider(
  supervisor: Supervisor,
  {
    review,
    ...launcher
  }: Pick<AcceptanceOptions, 'review'> &
    Pick<LaunchRequest, 'budget'> & { caller: string; project: string; worker?: string },
): void {
  if (review === undefined) return
  const { caller, project, worker, budget } = launcher
  const named = review === true ? undefined : review
  const candidates = listOpenProviderCandidates(supervisor, {
    ...{ project, caller, category: 'quality_review', other: false, refusalOf: () => undefined },
    ...omitUndefined({ provider: named, budget }),
  })
  const providers = new Set(candidates.map(({ provider }) => provider))
  if (worker !== undefined) providers.delete(worker)
  if (providers.size >= (worker === undefined && named === undefined ? 2 : 1)) return
  const only = named ?? candidates[0].provider
  throw new SubagentError('no-candidate', `accept.review needs another provider than ${worker ?? only}`, {
    hint: 'sign in to a second CLI (subagent-mcp routes shows which can be used), or leave review out',
  })
}
