import type { PermissionAuditRecord } from '@subagent-mcp/api'
import { maskSecrets } from '@subagent-mcp/permissions'
import { formatToolCallWithInput } from '../agent/activity.js'
import type { Agent, PendingApproval } from '../agent/agent.js'
import { isAgentInTurn } from '../agent/agent-view.js'
import type { Fact } from '../state/fact.js'
import { isAgentSessionIdle, isApprovalRequestFact, type ApprovalRequestFact } from './questions.js'
import { listAnswerableQuestions } from '../agent/reports.js'

/** The audit log lines of a fact that takes an agent from one state to the next. */
export function createPermissionRecords(
  fact: Fact,
  before: Agent | undefined,
  after: Agent | undefined,
): PermissionAuditRecord[] {
  if (!before || !after) return []
  const ruled = isApprovalRequestFact(fact) ? rulingRecord(fact, before) : []
  const [were, are] = [listAnswerableQuestions(before), listAnswerableQuestions(after)]
  const over = were.filter(({ requestId }) => !are.some((other) => other.requestId === requestId))
  const parked = after.parked.filter(
    (request) => are.includes(request) && !were.some(({ requestId }) => requestId === request.requestId),
  )
  return [
    ...ruled,
    ...over.map((request) => endRecord(fact, after, request)),
    ...parked.map((request) => parkedRecord(fact, after, request)),
  ]
}

function rulingRecord({ event, ruling, at }: ApprovalRequestFact, agent: Agent): PermissionAuditRecord[] {
  const about = { ...recordOf(agent, event), at }
  if (isAgentSessionIdle(agent))
    return [{ ...about, event: 'denied', through: 'policy', why: 'no turn was running' }]
  // A question outside of a turn is dropped, and was neither asked nor answered.
  if (!isAgentInTurn(agent.phase)) return []
  if (!ruling) return [{ ...about, event: 'asked' }]
  const { verdict, by: why } = ruling
  if (verdict === 'ask') return [{ ...about, event: 'asked', why }]
  return [{ ...about, event: verdict === 'allow' ? 'allowed' : 'denied', through: 'policy', why }]
}

function endRecord(fact: Fact, agent: Agent, request: PendingApproval): PermissionAuditRecord {
  const about = { ...recordOf(agent, request), at: fact.at }
  if (fact.type === 'question-expired') return { ...about, event: 'denied', through: 'deadline' }
  if (fact.type !== 'answer-requested') return { ...about, event: 'withdrawn', why: kindOf(fact) }
  const { decision, by: through, who, reason: why } = fact
  const event = decision === 'allow' ? 'allowed' : 'denied'
  return { ...about, event, through, who, ...(why !== undefined && { why }) }
}

function parkedRecord({ at }: Fact, agent: Agent, request: PendingApproval): PermissionAuditRecord {
  return { ...recordOf(agent, request), at, event: 'asked', why: 'it stays open, as nobody has answered' }
}

function kindOf(fact: Fact): string {
  return fact.type === 'session-event-received' ? fact.event.type : fact.type
}

/** The most characters of a tool call in the audit log. The middle of a longer call is left out, because its end could hide something. */
const longestCall = 16_384

function shortened(call: string): string {
  if (call.length <= longestCall) return call
  const half = longestCall / 2
  const left = `… (${call.length - longestCall} characters) …`
  return `${call.slice(0, half)}${left}${call.slice(-half)}`.toWellFormed()
}

function recordOf(
  { profile, route }: Agent,
  request: { requestId: string; tool: string; input: unknown },
): Omit<PermissionAuditRecord, 'at' | 'event'> {
  const { id, name, cwd } = profile
  const { requestId, tool } = request
  return {
    agentId: id,
    ...(name !== undefined && { name }),
    provider: route.current.provider,
    cwd,
    requestId,
    tool,
    call: shortened(maskSecrets(formatToolCallWithInput(request))),
  }
}
