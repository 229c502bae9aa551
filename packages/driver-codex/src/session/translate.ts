import type { SessionEvent, TurnOutcome } from '@subagent-mcp/contract'
import { attemptsOf, classifyError, classifyRetry } from '../classify.js'
import { notice, step, type Conversation, type Step, type Turn } from './conversation.js'
import { exhaustedUntil, limitsOf } from './limits.js'
import { interruptTurn } from './requests.js'
import { identified, settle } from './end-turn.js'
import { usedAfter } from './spending.js'
import { toolOf } from './tools.js'
import {
  Notification,
  type CodexTurn,
  type Item,
  type RawItem,
  type RateLimits,
  type TokenUsage,
  type TurnError,
} from './wire.js'

/** A notification of the CLI's as events, and as what to answer it with. What we do not know passes by. */
export function translate(conversation: Conversation, heard: { method: string; params: unknown }): Step {
  const parsed = Notification.safeParse(heard)
  return parsed.success ? read(conversation, parsed.data) : step(conversation, {})
}

function read(conversation: Conversation, { method, params }: Notification): Step {
  switch (method) {
    case 'turn/started':
      return begun(conversation, params.turn)
    case 'turn/completed':
      return completed(conversation, params.turn)
    case 'error':
      return params.willRetry ? retried(conversation, params.error) : step(conversation, {})
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
      return used(conversation, params.turnId, params.tokenUsage)
    case 'account/rateLimits/updated':
      return limited(conversation, params.rateLimits)
    case 'serverRequest/resolved':
      return resolved(conversation, String(params.requestId))
    case 'warning':
      return notice(conversation, params.message)
    case 'model/rerouted':
      return notice(conversation, `the model changed from ${params.fromModel} to ${params.toModel}`)
  }
}

/** May come before the answer to our request for the turn. An interrupt that waited goes out now. */
function begun(conversation: Conversation, { id }: CodexTurn): Step {
  const { turn, threadId } = conversation
  if (turn === undefined || !isOf(turn, id)) return step(conversation, {})
  const known = identified(conversation, { ...turn, begun: true }, id)
  if (turn.interrupt !== 'wanted') return known
  const firstCodexId = turn.firstCodexId ?? id
  const interrupted: Turn = { ...turn, codexId: id, firstCodexId, begun: true, interrupt: 'sent' }
  return step(conversation, { turn: interrupted }, { calls: [interruptTurn(threadId, id)] })
}

function completed(conversation: Conversation, codexTurn: CodexTurn): Step {
  const { turn } = conversation
  if (turn === undefined || !isOf(turn, codexTurn.id)) return step(conversation, {})
  const firstCodexId = turn.firstCodexId ?? codexTurn.id
  return settle(conversation, { ...turn, firstCodexId, outcome: outcomeOf(conversation, turn, codexTurn) })
}

function isOf({ codexId }: Turn, id: string): boolean {
  return codexId === undefined || codexId === id
}

function outcomeOf(
  { limitEndsAt }: Conversation,
  { answer }: Turn,
  { status, error }: CodexTurn,
): TurnOutcome {
  if (status === 'completed') return { type: 'completed', answer }
  if (status === 'interrupted' && error === undefined) return { type: 'interrupted' }
  return { type: 'failed', failure: classifyError(error, limitEndsAt) }
}

function retried(conversation: Conversation, error: TurnError): Step {
  const { turn, limitEndsAt } = conversation
  const retries = (turn?.retries ?? 0) + 1
  const { attempt, maxAttempts } = attemptsOf(error) ?? {
    attempt: retries,
    maxAttempts: Math.max(retries, 5),
  }
  const failure = classifyRetry(error, limitEndsAt)
  const events: SessionEvent[] = [{ type: 'retry-announced', attempt, maxAttempts, failure }]
  return step(conversation, { turn: turn && { ...turn, retries } }, { events })
}

function added(conversation: Conversation, item: RawItem): Step {
  const { turn } = conversation
  if (turn === undefined || comesByItself(item)) return step(conversation, {})
  return step(conversation, { turn: { ...turn, items: [...turn.items, item] } })
}

function itemStarted(conversation: Conversation, item: Item): Step {
  const call = toolOf(item)
  if (call === undefined) return step(conversation, {})
  const { turn } = conversation
  const { tool, input } = call
  const isChange = turn !== undefined && item.type === 'fileChange'
  const changes = isChange ? { ...turn.changes, [item.id]: input } : turn?.changes
  return step(
    conversation,
    { turn: turn && { ...turn, changes: changes ?? {} } },
    { events: [{ type: 'tool-started', callId: item.id, tool, input }] },
  )
}

function itemEnded(conversation: Conversation, item: Item): Step {
  if (item.type === 'agentMessage') return messageEnded(conversation, item)
  const call = toolOf(item)
  if (call === undefined) return step(conversation, {})
  const { failed, output } = call
  return said(conversation, { type: 'tool-ended', callId: item.id, failed, output })
}

function messageEnded(conversation: Conversation, { text }: Item): Step {
  if (typeof text !== 'string' || text === '') return step(conversation, {})
  const { turn } = conversation
  return step(
    conversation,
    { turn: turn && { ...turn, answer: text } },
    { events: [{ type: 'message-ended', text }] },
  )
}

/** After a resume Codex repeats the report of an earlier turn, often when the next turn has been asked for already. */
function used(conversation: Conversation, codexId: string, usage: TokenUsage): Step {
  const { turn, spent } = conversation
  const heard = { spent: usage.total }
  if (turn?.codexId !== codexId) return step(conversation, heard)
  return step(conversation, { ...heard, turn: { ...turn, used: usedAfter(turn.used, usage, spent) } })
}

function limited(conversation: Conversation, report: RateLimits): Step {
  const limits = limitsOf(report)
  if (limits.length === 0) return step(conversation, {})
  return step(
    conversation,
    { limitEndsAt: exhaustedUntil(limits) },
    { events: [{ type: 'limits-reported', limits }] },
  )
}

/** Answered by us, or taken back: by the end of its turn, or by another client. */
function resolved(conversation: Conversation, requestId: string): Step {
  const approvals = conversation.approvals.filter((approval) => approval.requestId !== requestId)
  if (approvals.length === conversation.approvals.length) return step(conversation, {})
  return step(conversation, { approvals }, { events: [{ type: 'approval-withdrawn', requestId }] })
}

function said(conversation: Conversation, event: SessionEvent): Step {
  return step(conversation, {}, { events: [event] })
}

/** Whether Codex writes such an item into each thread by itself: its tools, its prompt, the folder and the date. */
function comesByItself(item: RawItem): boolean {
  const { type, role, internal_chat_message_metadata_passthrough: about } = item
  if (type === 'additional_tools' || role === 'developer') return true
  const kinds = about?.content_item_kinds ?? []
  return role === 'user' && kinds.length > 0 && kinds.every((kind) => ownKinds.test(kind))
}

const ownKinds = /^(?:agents_md|environments)\./
