import type { JsonRpcRequest } from '@subagent-mcp/driver-kit'
import { step, type Approval, type Conversation, type Step } from './conversation.js'
import { mcpToolName } from './tools.js'
import { Question } from './wire.js'

/** A question of the CLI's as one of ours, or as the answer to it; `undefined` when we do not know it. */
export function readQuestion(
  conversation: Conversation,
  { id, method, params }: JsonRpcRequest,
): Step | undefined {
  const parsed = Question.safeParse({ method, params })
  if (!parsed.success) return undefined
  const requestId = String(id)
  const read = meaningOf(parsed.data, conversation)
  // Without a turn nobody is there to be asked.
  if (!('tool' in read) || conversation.turn === undefined) {
    return step(conversation, {}, { replies: [{ requestId, result: read.deny }] })
  }
  const { tool, input } = read
  return step(
    conversation,
    { approvals: [...conversation.approvals, { requestId, ...read }] },
    { events: [{ type: 'approval-requested', requestId, tool, input }] },
  )
}

/** What is asked for, or only how it is declined when a yes would not do. */
type Meaning = Omit<Approval, 'requestId'> | { deny: unknown }

function meaningOf({ method, params }: Question, { turn }: Conversation): Meaning {
  switch (method) {
    case 'item/commandExecution/requestApproval': {
      const { kind, command, cwd, reason, networkApprovalContext: network } = params
      // What is typed into a running command, say, is no command.
      const tool = kind === undefined || kind === 'command' ? 'exec_command' : kind
      return { tool, input: { command, cwd, reason, ...(network && { network }) }, ...decisions }
    }
    case 'item/fileChange/requestApproval': {
      const { reason, grantRoot } = params
      const input = {
        changes: turn?.changes[params.itemId],
        ...(reason && { reason }),
        ...(grantRoot && { grantRoot }),
      }
      return { tool: 'apply_patch', input, ...decisions }
    }
    case 'item/permissions/requestApproval': {
      const { permissions, reason } = params
      const allow = { permissions: withoutNulls(permissions), scope: 'turn' }
      const input = { permissions, reason }
      return { tool: 'request_permissions', input, allow, deny: { permissions: {}, scope: 'turn' } }
    }
    case 'mcpServer/elicitation/request': {
      const deny = { action: 'decline', content: null, _meta: null }
      const { serverName, _meta: meta } = params
      if (meta === undefined) return { deny }
      const tool = mcpToolName(serverName, meta.tool_name)
      return { tool, input: meta.tool_params, allow: { action: 'accept', content: {}, _meta: null }, deny }
    }
    case 'item/tool/requestUserInput':
      return { deny: { answers: {} } }
  }
}

const decisions = { allow: { decision: 'accept' }, deny: { decision: 'decline' } }

/** What was not asked for is left out of what is granted. */
function withoutNulls(permissions: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(permissions).filter(([, value]) => value !== null))
}
