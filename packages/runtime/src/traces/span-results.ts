import {
  findAgentFailure,
  computeAgentStatus,
  isAgentInTurn,
  type AgentMessage,
  type EndedTurn,
} from '@subagent-mcp/core'
import type { Failure, SessionEvent, TurnUsage } from '@subagent-mcp/contract'
import { maskSecrets } from '@subagent-mcp/permissions'
import { createModelSpanAttributes } from './open-spans.js'
import type { AgentChange, OpenSpan, SpanAttributes, SpanResult, SpanTextCapture } from './span.js'

/** The most characters of one text in a span. */
const longestText = 16_384

/** Masks the secrets in a text, and cuts it. */
export function maskTextForSpan(text: string): string {
  const masked = maskSecrets(text)
  return masked.length > longestText ? `${masked.slice(0, longestText).toWellFormed()}…` : masked
}

/** The result of a span that a fact ends. */
export function computeSpanResult(span: OpenSpan, change: AgentChange, capture: SpanTextCapture): SpanResult {
  const { after, fact } = change
  switch (span.type) {
    case 'work':
      return workResult(change, capture)
    case 'turn': {
      const result = resultOfTurn(span, change, capture)
      // Some CLIs tell the id of a session only in its first turn.
      return {
        ...result,
        attributes: { ...result.attributes, 'gen_ai.conversation.id': after.session.id },
      }
    }
    case 'open':
      return fact.type === 'session-open-failed' ? failed(fact.failure, capture) : {}
    case 'permission': {
      const answer = after.answered.findLast(({ requestId }) => span.key === `permission ${requestId}`)
      const decision = answer?.decision ?? 'none'
      return {
        attributes: {
          'subagent_mcp.permission.decision': decision,
          'subagent_mcp.permission.answered_by': answer?.by,
        },
      }
    }
    case 'check':
      return fact.type === 'turn-checked'
        ? {
            attributes: { 'subagent_mcp.check.grade': fact.verdict.check.grade },
            ...(!fact.verdict.passed && { error: { type: 'rejected' } }),
          }
        : {}
    default:
      return {}
  }
}

function workResult({ after }: AgentChange, capture: SpanTextCapture): SpanResult {
  const status = computeAgentStatus(after, { now: 0, stalledAfter: Infinity })
  const failure = findAgentFailure(after)
  return {
    ...(failure && failed(failure, capture)),
    // The provider that did the work, which may not be the first candidate.
    attributes: { ...createModelSpanAttributes(after), 'subagent_mcp.status': status },
  }
}

/** The result of a turn: of one that has ended, that is being checked, or that the next candidate of the launch repeats. */
function resultOfTurn(
  { key }: OpenSpan,
  { before, after }: AgentChange,
  capture: SpanTextCapture,
): SpanResult {
  const ended = after.turns.findLast(({ id }) => key === `turn ${id}`)
  if (ended) return describeTurnResult(ended, capture)
  const { phase, session } = after
  if (phase.status === 'checking') {
    const { turn } = phase
    const outcome = { type: 'completed' } as const
    return describeTurnResult(
      { ...turn, text: turn.said, outcome, ...(session.model && { model: session.model }) },
      capture,
    )
  }
  const attempt = after.route.attempts.findLast(({ tried }) => tried)
  const turn = before && isAgentInTurn(before.phase) ? before.phase.turn : undefined
  return { attributes: usageAttributes(turn?.usage), ...(attempt && failed(attempt.failure, capture)) }
}

type Turn = Pick<EndedTurn, 'outcome' | 'text' | 'usage' | 'startedAt' | 'firstOutputAt' | 'model'>

/** The result of a turn. An interrupted turn is no error, because somebody wanted it. */
export function describeTurnResult(turn: Turn, capture: SpanTextCapture): SpanResult {
  const { outcome, usage, startedAt, firstOutputAt, model, text } = turn
  return {
    attributes: {
      'gen_ai.response.model': model,
      ...usageAttributes(usage),
      'gen_ai.response.time_to_first_chunk':
        firstOutputAt === undefined ? undefined : (firstOutputAt - startedAt) / 1000,
      'subagent_mcp.turn.outcome': outcome.type,
      ...(capture &&
        text !== undefined && { 'gen_ai.output.messages': outputMessages(text, outcome.type, capture) }),
    },
    ...(outcome.type === 'failed' && failed(outcome.failure, capture)),
  }
}

/** The tokens of a turn by the convention, in which the input includes what came from the provider's cache. */
function usageAttributes(usage: TurnUsage = {}): SpanAttributes {
  return {
    'gen_ai.usage.input_tokens': usage.inputTokens,
    'gen_ai.usage.output_tokens': usage.outputTokens,
    'gen_ai.usage.cache_read.input_tokens': usage.cachedInputTokens,
    'gen_ai.usage.cache_creation.input_tokens': usage.cacheWriteInputTokens,
    'subagent_mcp.usage.cost_usd': usage.costUsd,
  }
}

/** A failure. Its message may quote the prompt or the answer. */
function failed({ reason, message }: Failure, capture: SpanTextCapture): SpanResult {
  return { error: { type: reason, ...(capture && { message: capture(message) }) } }
}

/** Messages to the model, in the JSON of the convention. */
export function captureInputMessagesForSpan(
  messages: readonly AgentMessage[],
  capture: NonNullable<SpanTextCapture>,
): string {
  return JSON.stringify(messages.map(({ text }) => ({ role: 'user', parts: [textPart(text, capture)] })))
}

function outputMessages(
  text: string,
  outcome: EndedTurn['outcome']['type'],
  capture: NonNullable<SpanTextCapture>,
): string {
  const finish_reason = outcome === 'completed' ? 'stop' : 'error'
  return JSON.stringify([{ role: 'assistant', parts: [textPart(text, capture)], finish_reason }])
}

function textPart(text: string, capture: NonNullable<SpanTextCapture>): { type: 'text'; content: string } {
  return { type: 'text', content: capture(text) }
}

/** The arguments of a tool call, if texts are captured. */
export function captureCallArgumentsForSpan(
  { input }: SessionEvent & { type: 'tool-started' },
  capture: SpanTextCapture,
): SpanAttributes {
  return capture && input !== undefined
    ? { 'gen_ai.tool.call.arguments': capture(JSON.stringify(input)) }
    : {}
}

/** The result of a tool call. */
export function captureCallResultForSpan(
  { failed: isFailed, output }: SessionEvent & { type: 'tool-ended' },
  capture: SpanTextCapture,
): SpanResult {
  return {
    ...(capture && { attributes: { 'gen_ai.tool.call.result': capture(output) } }),
    ...(isFailed && { error: { type: 'tool_error' } }),
  }
}
