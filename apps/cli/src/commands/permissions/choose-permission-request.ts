import type { AgentSummary, PendingPermissionRequest } from '@subagent-mcp/api'
import { SubagentError, type ToolApprovalDecision } from '@subagent-mcp/contract'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { formatAgentIdAndName } from '../../terminal/agent-lines.js'
import type { CommandContext } from '../../terminal/command-context.js'
import { formatRecordedPermissionAnswer, formatToolCallLine } from '../../terminal/questions/question-text.js'

type Wanted = { decision: ToolApprovalDecision; request?: string; agent: AgentSummary }

/**
 * Finds the open permission request of an agent: the one with the id `request`, or the only one.
 * @throws SubagentError `no-permission-pending`, which says how the last one was answered; `invalid-parameter` when
 * several are open and none is named
 */
export async function choosePermissionRequest(
  questions: readonly PendingPermissionRequest[],
  wanted: Wanted,
  client: CommandContext['client'],
): Promise<PendingPermissionRequest> {
  const { agent, request } = wanted
  const own = questions.filter(({ agentId }) => agentId === agent.id)
  const [question, ...others] =
    request === undefined ? own : own.filter(({ requestId }) => requestId === request)
  if (!question) throw await nothingAsked(wanted, own, client)
  if (others.length > 0) throw several(wanted, own)
  return question
}

async function nothingAsked(
  { agent, request, decision }: Wanted,
  own: readonly PendingPermissionRequest[],
  client: CommandContext['client'],
): Promise<SubagentError> {
  const records = await client.permissionLog({ agent: agent.id })
  const last = records.findLast(
    ({ event, through, ...record }) =>
      event !== 'asked' && through !== 'policy' && (request ?? record.requestId) === record.requestId,
  )
  const known = last ? `: ${revealInvisibleCharacters(last.requestId, 200)} was ${last.event} before` : ''
  const how = last && formatRecordedPermissionAnswer(last)
  const what =
    request === undefined ? 'no permission' : `no permission '${revealInvisibleCharacters(request, 200)}'`
  const message = `agent ${formatAgentIdAndName(agent)} asks for ${what}${known}${how ? `, ${how}` : ''}`
  const hint =
    own.length > 0 ? listText(agent, decision, own) : 'subagent-mcp permissions lists all open questions'
  return new SubagentError('no-permission-pending', message, { hint })
}

function several({ agent, decision }: Wanted, own: readonly PendingPermissionRequest[]): SubagentError {
  const what = `agent ${formatAgentIdAndName(agent)} asks ${own.length} questions: name one`
  return new SubagentError('invalid-parameter', what, { hint: listText(agent, decision, own) })
}

function listText(
  { id }: AgentSummary,
  decision: Wanted['decision'],
  questions: readonly PendingPermissionRequest[],
): string {
  const lines = questions.map(
    (question) =>
      `\n  ${revealInvisibleCharacters(question.requestId, 200)}  ${formatToolCallLine(question)}`,
  )
  return `subagent-mcp permissions ${decision} ${id} <request>; the requests are${lines.join('')}`
}
