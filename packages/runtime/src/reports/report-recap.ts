import type { RecapAgent, RecapPendingItem, RecapQuery, RecapReport } from '@subagent-mcp/api'
import { omitUndefined, type TurnUsage } from '@subagent-mcp/contract'
import {
  findAgentFailure,
  getFactAgentId,
  computeAgentStatus,
  listAnswerableQuestions,
  readProviderAndModel,
  formatToolCallOnOneLine,
  type Agent,
  type JournaledFactReader,
  type Supervisor,
} from '@subagent-mcp/core'
import { cutToOneLine } from '@subagent-mcp/mcp-server'
import { setImmediate } from 'node:timers/promises'
import type { AgentWorktrees } from '../worktrees/agent-worktrees.js'
import { createAgentRecorder, type AgentRecorder } from './agent-record.js'

type Parts = {
  supervisor: Supervisor
  history: JournaledFactReader
  worktrees: Pick<AgentWorktrees, 'list'>
  stalledAfter: number
}

const eightHours = 8 * 3_600_000
const mostAgents = 200
const longestText = 300

/** The most facts that are read without letting other work in between. */
const pageSize = 500

/** Returns what agents did since a time, from their facts, and what waits for the user now. */
export async function reportRecap(request: RecapQuery, parts: Parts): Promise<RecapReport> {
  const { supervisor, history } = parts
  const until = supervisor.clock.now()
  const since = request.since ?? until - eightHours
  const recorders = await readAgents(since, parts, history)
  const agents = [...recorders].toReversed().flatMap(([id, recorder]) => {
    const agent = supervisor.state().agents.get(id)
    return agent ? [{ agent, recorder }] : []
  })
  return {
    ...{ since, until },
    needs: await needsOf(parts),
    agents: agents
      .slice(0, mostAgents)
      .map(({ agent, recorder }) => recapOf(agent, recorder, { since, ...parts })),
    moreAgents: Math.max(0, agents.length - mostAgents),
  }
}

/** Reads the facts since a time. The agents are in the order of their first fact. */
async function readAgents(
  since: number,
  { supervisor }: Parts,
  history: JournaledFactReader,
): Promise<ReadonlyMap<string, AgentRecorder>> {
  const recorders = new Map<string, AgentRecorder>()
  const newest = history.lastSeq()
  let after = firstBefore(since, history)
  for (;;) {
    const { facts, next } = history.read({ after, limit: pageSize })
    for (const { fact, seq } of facts) {
      const id = getFactAgentId(fact)
      const agent = fact.at < since ? undefined : supervisor.state().agents.get(id)
      if (!agent) continue
      const recorder = recorders.get(id) ?? createAgentRecorder(agent)
      recorders.set(id, recorder)
      recorder.note(fact, seq)
    }
    if (next === undefined || next >= newest) return recorders
    after = next
    await setImmediate()
  }
}

/** The number of a fact before all facts of a time span, found by binary search, because facts are written in the order of their times. */
function firstBefore(since: number, { read, lastSeq }: JournaledFactReader): number {
  let [low, high] = [0, lastSeq()]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [next] = read({ after: middle, limit: 1 }).facts
    if (next !== undefined && next.fact.at < since) low = next.seq
    else high = middle
  }
  return low
}

function recapOf(
  agent: Agent,
  recorder: AgentRecorder,
  { supervisor, since, stalledAfter }: Parts & { since: number },
): RecapAgent {
  const { profile } = agent
  const turns = agent.turns.filter(({ endedAt }) => endedAt >= since)
  return {
    id: profile.id,
    ...omitUndefined({ name: profile.name }),
    ...readProviderAndModel(agent),
    project: profile.project,
    status: computeAgentStatus(agent, { now: supervisor.clock.now(), stalledAfter }),
    ...recorder.record(),
    turns: turns.length,
    usage: sumOf(turns.map(({ usage = {} }) => usage)),
    turnsWithoutCost: turns.filter(({ usage }) => usage?.costUsd === undefined).length,
  }
}

function sumOf(usages: readonly TurnUsage[]): TurnUsage {
  const sum: TurnUsage = {}
  for (const usage of usages)
    for (const key of ['inputTokens', 'cachedInputTokens', 'outputTokens', 'costUsd'] as const) {
      const amount = usage[key]
      if (amount !== undefined) sum[key] = (sum[key] ?? 0) + amount
    }
  return sum
}

/** Lists what waits for the user now, also if it began before the recap's time span: permission requests first. */
async function needsOf({ supervisor, worktrees }: Parts): Promise<RecapPendingItem[]> {
  const agents = [...supervisor.state().agents.values()]
  const about = ({ profile }: Agent): Pick<RecapPendingItem, 'agentId' | 'name'> => ({
    agentId: profile.id,
    ...omitUndefined({ name: profile.name }),
  })
  const permissions = agents.flatMap((agent) =>
    listAnswerableQuestions(agent).map((request): RecapPendingItem => ({
      ...about(agent),
      type: 'permission',
      text: cutToOneLine(formatToolCallOnOneLine(request, agent.profile.cwd), longestText),
      next: `permissions allow ${agent.profile.id}`,
    })),
  )
  const results = agents.flatMap((agent): RecapPendingItem[] => {
    const id = agent.profile.id
    const failure = findAgentFailure(agent)
    if (failure && isUnread(agent))
      return [
        {
          ...about(agent),
          type: 'failure',
          text: cutToOneLine(failure.message, longestText),
          next: `logs ${id}`,
        },
      ]
    return agent.turns.at(-1)?.check?.grade === 'rejected' && isUnread(agent)
      ? [{ ...about(agent), type: 'rejected', text: 'a check of its result failed', next: `evidence ${id}` }]
      : []
  })
  const changes = (await worktrees.list())
    .filter(({ state }) => state === 'changed')
    .map(({ id, agentName, changedFiles }): RecapPendingItem => ({
      agentId: id,
      ...omitUndefined({ name: agentName }),
      type: 'changes',
      text: `${changedFiles} changed ${changedFiles === 1 ? 'file is' : 'files are'} not applied`,
      next: `changes ${id}`,
    }))
  return [...permissions, ...results, ...changes]
}

/** Whether nobody has received the agent's newest report. */
function isUnread({ reports, delivered }: Agent): boolean {
  const newest = reports.at(-1)?.number ?? 0
  return Object.values(delivered).every((upTo) => upTo < newest)
}
