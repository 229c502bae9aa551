import type { AccountLimit, SessionEvent, TurnOutcome } from '@subagent-mcp/contract'
import type { RpcNotification } from '@subagent-mcp/driver-kit'
import { readRetryNumbers, classifyCodexTurnError, classifyCodexRetriedError } from '../classify.js'
import {
  createCodexNoticeStep,
  createCodexStep,
  type CodexConversation,
  type CodexStep,
  type CodexTurn,
} from './conversation.js'
import { createInterruptTurnRequest } from './requests.js'
import { endCodexTurnWhenAnswered, onCodexTurnId } from './end-turn.js'
import { toReportedUsage, readThreadUsage, computeCodexTurnUsage } from './thread-usage.js'
import { readCodexToolCall } from './tools.js'
import {
  CodexNotification,
  type ReportedTurn,
  type ThreadItem,
  type ConversationItem,
  type RateLimits,
  type CodexTokenUsage,
  type TurnError,
} from './wire.js'

/** Turns a notification of Codex into events and requests. Drops notifications that are not known. */
export function translateCodexNotification(
  conversation: CodexConversation,
  notification: RpcNotification,
): CodexStep {
  const parsed = CodexNotification.safeParse(notification)
  return parsed.success ? read(conversation, parsed.data) : createCodexStep(conversation, {})
}

function read(conversation: CodexConversation, { method, params }: CodexNotification): CodexStep {
  switch (method) {
    case 'turn/started':
      return begun(conversation, params.turn)
    case 'turn/completed':
      return completed(conversation, params.turn)
    case 'error':
      return params.willRetry ? retried(conversation, params.error) : createCodexStep(conversation, {})
    case 'item/started':
      return itemStarted(conversation, params.item)
    case 'item/completed':
      return itemEnded(conversation, params.item)
    case 'rawResponseItem/completed':
      return added(conversation, params.item)
    case 'item/agentMessage/delta':
      return said(conversation, { type: 'text-delta', text: params.delta })
    case 'item/reasoning/textDelta':
    case 'item/reasoning/summaryTextDelta':
      return said(conversation, { type: 'thinking-advanced' })
    case 'thread/tokenUsage/updated':
      return addReport(conversation, params.turnId, params.tokenUsage)
    case 'account/rateLimits/updated':
      return limited(conversation, params.rateLimits)
    case 'serverRequest/resolved':
      return resolved(conversation, String(params.requestId))
    case 'warning':
      return createCodexNoticeStep(conversation, params.message)
    case 'model/rerouted':
      return createCodexNoticeStep(
        conversation,
        `the model changed from ${params.fromModel} to ${params.toModel}`,
      )
  }
}

/** Notes that Codex has begun a turn, perhaps before its answer to `turn/start`. Sends an interrupt that waited for it. */
function begun(conversation: CodexConversation, { id }: ReportedTurn): CodexStep {
  const { turn, threadId } = conversation
  if (turn === undefined || !isOf(turn, id)) return createCodexStep(conversation, {})
  const known = onCodexTurnId(conversation, { ...turn, begun: true }, id)
  if (turn.interrupt !== 'wanted') return known
  const firstCodexId = turn.firstCodexId ?? id
  const interrupted: CodexTurn = { ...turn, codexId: id, firstCodexId, begun: true, interrupt: 'sent' }
  return createCodexStep(
    conversation,
    { turn: interrupted },
    { calls: [createInterruptTurnRequest(threadId, id)] },
  )
}

function completed(conversation: CodexConversation, codexTurn: ReportedTurn): CodexStep {
  const { turn } = conversation
  if (turn === undefined || !isOf(turn, codexTurn.id)) return createCodexStep(conversation, {})
  const firstCodexId = turn.firstCodexId ?? codexTurn.id
  return endCodexTurnWhenAnswered(conversation, {
    ...turn,
    firstCodexId,
    outcome: outcomeOf(conversation, turn, codexTurn),
  })
}

function isOf({ codexId }: CodexTurn, id: string): boolean {
  return codexId === undefined || codexId === id
}

function outcomeOf(
  { limitEndsAt }: CodexConversation,
  { answer }: CodexTurn,
  { status, error }: ReportedTurn,
): TurnOutcome {
  if (status === 'completed') return { type: 'completed', answer }
  if (status === 'interrupted' && error === undefined) return { type: 'interrupted' }
  return { type: 'failed', failure: classifyCodexTurnError(error, limitEndsAt) }
}

function retried(conversation: CodexConversation, error: TurnError): CodexStep {
  const { turn, limitEndsAt } = conversation
  const retries = (turn?.retries ?? 0) + 1
  const { attempt, maxAttempts } = readRetryNumbers(error) ?? {
    attempt: retries,
    maxAttempts: Math.max(retries, 5),
  }
  const failure = classifyCodexRetriedError(error, limitEndsAt)
  const events: SessionEvent[] = [{ type: 'retry-announced', attempt, maxAttempts, failure }]
  return createCodexStep(conversation, { turn: turn && { ...turn, retries } }, { events })
}

function added(conversation: CodexConversation, item: ConversationItem): CodexStep {
  const { turn } = conversation
  if (turn === undefined || isAddedByCodex(item)) return createCodexStep(conversation, {})
  return createCodexStep(conversation, { turn: { ...turn, items: [...turn.items, item] } })
}

function itemStarted(conversation: CodexConversation, item: ThreadItem): CodexStep {
  const call = readCodexToolCall(item)
  if (call === undefined) return createCodexStep(conversation, {})
  const { turn } = conversation
  const { tool, input } = call
  const isChange = turn !== undefined && item.type === 'fileChange'
  const changes = isChange ? { ...turn.changes, [item.id]: input } : turn?.changes
  return createCodexStep(
    conversation,
    { turn: turn && { ...turn, changes: changes ?? {} } },
    { events: [{ type: 'tool-started', callId: item.id, tool, input }] },
  )
}

function itemEnded(conversation: CodexConversation, item: ThreadItem): CodexStep {
  if (item.type === 'agentMessage') return messageEnded(conversation, item)
  const call = readCodexToolCall(item)
  if (call === undefined) return createCodexStep(conversation, {})
  const { failed, output } = call
  return said(conversation, { type: 'tool-ended', callId: item.id, failed, output })
}

function messageEnded(conversation: CodexConversation, { text }: ThreadItem): CodexStep {
  if (typeof text !== 'string' || text === '') return createCodexStep(conversation, {})
  const { turn } = conversation
  return createCodexStep(
    conversation,
    { turn: turn && { ...turn, answer: text } },
    { events: [{ type: 'message-ended', text }] },
  )
}

/** Adds a usage report to its turn. After a resume Codex repeats the report of an earlier turn, which counts for none. */
function addReport(conversation: CodexConversation, codexId: string, usage: CodexTokenUsage): CodexStep {
  const { turn, usedByThread } = conversation
  const total = { usedByThread: readThreadUsage(usage) }
  if (turn?.codexId !== codexId) return createCodexStep(conversation, total)
  const used = computeCodexTurnUsage(turn.used, usage, usedByThread)
  const soFar = { type: 'usage-advanced', turnId: turn.id, usage: toReportedUsage(used) } as const
  return createCodexStep(conversation, { ...total, turn: { ...turn, used } }, { events: [soFar] })
}

function limited(conversation: CodexConversation, report: RateLimits): CodexStep {
  const limits = accountLimits(report)
  if (limits.length === 0) return createCodexStep(conversation, {})
  return createCodexStep(
    conversation,
    { limitEndsAt: exhaustedUntil(limits) },
    { events: [{ type: 'limits-reported', limits }] },
  )
}

/** Withdraws an approval request that Codex resolved by itself. Requests that the owner answered are no longer open. */
function resolved(conversation: CodexConversation, requestId: string): CodexStep {
  const approvals = conversation.approvals.filter((approval) => approval.requestId !== requestId)
  if (approvals.length === conversation.approvals.length) return createCodexStep(conversation, {})
  return createCodexStep(conversation, { approvals }, { events: [{ type: 'approval-withdrawn', requestId }] })
}

function said(conversation: CodexConversation, event: SessionEvent): CodexStep {
  return createCodexStep(conversation, {}, { events: [event] })
}

/** Whether Codex itself adds such an item to each thread: its tools, its prompt, the folder and the date. */
function isAddedByCodex(item: ConversationItem): boolean {
  const { type, role, internal_chat_message_metadata_passthrough: about } = item
  if (type === 'additional_tools' || role === 'developer') return true
  const kinds = about?.content_item_kinds ?? []
  return role === 'user' && kinds.length > 0 && kinds.every((kind) => ownKinds.test(kind))
}

const ownKinds = /^(?:agents_md|environments)\./

function accountLimits({ limitId, limitName, primary, secondary }: RateLimits): AccountLimit[] {
  // The limits of the account have Codex's name; the limits of a single model have another one.
  const prefix = (limitId ?? 'codex') === 'codex' ? '' : `${limitName ?? limitId}_`
  return Object.entries({ primary, secondary }).flatMap(([place, window]) => {
    if (window?.usedPercent === undefined) return []
    const { usedPercent, windowDurationMins, resetsAt } = window
    return {
      name: prefix + (durations.get(windowDurationMins ?? 0) ?? place),
      usedPercent,
      ...(resetsAt !== undefined && { resetsAt: resetsAt * 1000 }),
      exhausted: usedPercent >= 100,
    }
  })
}

const durations: ReadonlyMap<number, string> = new Map([
  [5 * 60, 'five_hour'],
  [7 * 24 * 60, 'seven_day'],
])

/** When the last of the exhausted limits ends, as far as it is known. */
function exhaustedUntil(limits: readonly AccountLimit[]): number | undefined {
  const ends = limits.flatMap(({ exhausted, resetsAt }) =>
    exhausted && resetsAt !== undefined ? [resetsAt] : [],
  )
  return ends.length === 0 ? undefined : Math.max(...ends)
}
