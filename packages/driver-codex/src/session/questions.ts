import type { JsonRpcRequest } from '@subagent-mcp/driver-kit'
import {
  createCodexStep,
  type OpenCodexApproval,
  type CodexConversation,
  type CodexStep,
} from './conversation.js'
import { formatMcpToolName } from './tools.js'
import { CodexApprovalRequest } from './wire.js'

/** Turns a request of Codex into an approval request, or denies it immediately. Undefined for an unknown request. */
export function readCodexApprovalRequest(
  conversation: CodexConversation,
  { id, method, params }: JsonRpcRequest,
): CodexStep | undefined {
  const parsed = CodexApprovalRequest.safeParse({ method, params })
  if (!parsed.success) return undefined
  const requestId = String(id)
  const read = meaningOf(parsed.data, conversation)
  // A request outside of a turn is denied, because nobody waits for what it asks for.
  if (!('tool' in read) || conversation.turn === undefined) {
    return createCodexStep(conversation, {}, { replies: [{ requestId, result: read.deny }] })
  }
  const { tool, input } = read
  return createCodexStep(
    conversation,
    { approvals: [...conversation.approvals, { requestId, ...read }] },
    { events: [{ type: 'approval-requested', requestId, tool, input }] },
  )
}

/** A Codex request as read: the tool call to approve, or only the denial of a request that the owner cannot answer. */
type Meaning = Omit<OpenCodexApproval, 'requestId'> | { deny: unknown }

function meaningOf({ method, params }: CodexApprovalRequest, { turn }: CodexConversation): Meaning {
  switch (method) {
    case 'item/commandExecution/requestApproval': {
      const { kind, command, cwd, reason, networkApprovalContext: network } = params
      // Other kinds are no commands, such as text that is typed into a running one.
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
      const tool = formatMcpToolName(serverName, meta.tool_name)
      return { tool, input: meta.tool_params, allow: { action: 'accept', content: {}, _meta: null }, deny }
    }
    case 'item/tool/requestUserInput':
      return { deny: { answers: {} } }
  }
}

const decisions = { allow: { decision: 'accept' }, deny: { decision: 'decline' } }

/** Removes permissions that are null, because Codex did not ask for them and they are not granted. */
function withoutNulls(permissions: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(permissions).filter(([, value]) => value !== null))
}
