import type { FakeClaudeBehaviour } from './behaviour.js'
import type { TurnResult, UserMessage } from './fake-turn.js'
import type { Line } from './lines.js'

type ResultParts = {
  behaviour: FakeClaudeBehaviour
  sessionId: string
  /** The number of turns whose usage is in the totals. */
  turns: number
  messages: readonly UserMessage[]
  result: TurnResult
}

/** Creates the line that ends a turn, as the real `claude` writes it. */
export function resultLine({ behaviour, sessionId, turns, messages, result }: ResultParts): Line {
  const since = { model_usage_since_last_result: result.type === 'cleared' ? {} : usedIn(1) }
  const uuids = messages.map(({ uuid }) => uuid)
  return {
    type: 'result',
    session_id: sessionId,
    total_cost_usd: turns * 0.001,
    modelUsage: usedIn(turns),
    ...(behaviour !== 'older' && { user_message_uuid: uuids[0], user_message_uuids: uuids, ...since }),
    ...bodyOf(result),
  }
}

/** Returns the fake's usage report for a number of turns. */
function usedIn(turns: number): Line {
  const used = {
    ...{ inputTokens: 10, outputTokens: 5, cacheReadInputTokens: 20, cacheCreationInputTokens: 0 },
    costUSD: 0.001,
  }
  return { fake: Object.fromEntries(Object.entries(used).map(([name, count]) => [name, count * turns])) }
}

function bodyOf(result: TurnResult): Line {
  switch (result.type) {
    case 'answered':
      return {
        subtype: 'success',
        is_error: false,
        result: result.text,
        num_turns: 1,
        terminal_reason: 'completed',
      }
    case 'refused':
      return {
        ...{ subtype: 'success', is_error: true, result: `API Error: ${result.status}`, num_turns: 1 },
        ...{ terminal_reason: 'api_error', api_error_status: result.status },
      }
    case 'aborted':
      return {
        subtype: 'error_during_execution',
        is_error: true,
        num_turns: 1,
        terminal_reason: 'aborted_streaming',
      }
    case 'cleared':
      return { subtype: 'success', is_error: false, result: '', num_turns: 0 }
  }
}
