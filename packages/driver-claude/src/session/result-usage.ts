import { addUsage, zeroUsage, computeUsageBetweenTotals, type UsageCount } from '@subagent-mcp/driver-kit'
import type { SessionEvent } from '@subagent-mcp/contract'
import type { ClaudeTurn } from './conversation.js'
import type { AssistantLine, ModelUsage, ModelRequestUsage, ResultLine } from './wire.js'

/** The total usage in a result. It counts the process; in 2.1.329 also the turns before a resume. */
export function readClaudeTotalUsage(line: ResultLine): UsageCount {
  return { ...sumOf(line.modelUsage), costUsd: line.total_cost_usd }
}

/**
 * The usage between a result and the one before it, whose total is `before`. 2.1.329 reports it. 2.1.197 reports totals
 * only, which start at zero in each process, also after a resume.
 */
export function computeClaudeResultUsage(line: ResultLine, before: UsageCount): UsageCount {
  if (line.model_usage_since_last_result !== undefined) return sumOf(line.model_usage_since_last_result)
  const now = readClaudeTotalUsage(line)
  const restarted = now.inputTokens < before.inputTokens || now.costUsd < before.costUsd
  return restarted ? now : computeUsageBetweenTotals(before, now)
}

function sumOf(models: Readonly<Record<string, ModelUsage>>): UsageCount {
  return Object.values(models).map(usageOfModel).reduce(addUsage, zeroUsage)
}

function usageOfModel(model: ModelUsage): UsageCount {
  const { inputTokens, cacheReadInputTokens: cached, cacheCreationInputTokens: written } = model
  return {
    inputTokens: inputTokens + cached + written,
    cachedInputTokens: cached,
    cacheWriteInputTokens: written,
    outputTokens: model.outputTokens,
    costUsd: model.costUSD,
  }
}

/** Counts the model request of a line of Claude, with the event that reports it. A request whose message was counted, or without a message, counts for none. */
export function countClaudeModelRequest(
  turn: ClaudeTurn,
  { message: { id, usage } }: AssistantLine,
): { turn: ClaudeTurn; events: readonly SessionEvent[] } {
  const { messages, used: before } = turn.requests
  if (id === undefined || usage === undefined || messages.includes(id)) return { turn, events: [] }
  const used = addUsage(before, usageOfRequest(usage))
  const { costUsd: _unknown, ...soFar } = addUsage(turn.used ?? zeroUsage, used)
  return {
    turn: { ...turn, requests: { used, messages: [...messages, id] } },
    events: [{ type: 'usage-advanced', turnId: turn.id, usage: soFar }],
  }
}

function usageOfRequest(usage: ModelRequestUsage): UsageCount {
  const { cache_read_input_tokens: cached, cache_creation_input_tokens: written } = usage
  return {
    inputTokens: usage.input_tokens + cached + written,
    cachedInputTokens: cached,
    cacheWriteInputTokens: written,
    outputTokens: usage.output_tokens,
    costUsd: 0,
  }
}
