import type { AgentActivityItem } from '@subagent-mcp/api'
import type { SessionEvent } from '@subagent-mcp/contract'
import type { SessionActivity } from './agent.js'

const keptItems = 3
const keptCharacters = 200

/** Records a session event as the newest visible activity of an agent. Events with nothing to show change nothing. */
export function recordAgentActivity(
  activity: SessionActivity,
  event: SessionEvent,
  at: number,
): SessionActivity {
  const seen = visibleItem(event)
  if (!seen) return activity
  const last = activity.recent.at(-1)
  const goesOn = last !== undefined && (continuations[last.kind]?.includes(seen.kind) ?? false)
  const earlier = goesOn ? activity.recent.slice(0, -1) : activity.recent
  const text = goesOn && seen.kind === 'writing' ? last.text + seen.text : seen.text
  return {
    visibleAt: at,
    recent: [...earlier, { at, kind: seen.kind, text: shorten(text, seen.kind) }].slice(-keptItems),
  }
}

/** For each kind of activity item, the kinds of a next item that replace it in the list instead of following it. */
const continuations: Partial<Record<AgentActivityItem['kind'], readonly AgentActivityItem['kind'][]>> = {
  writing: ['writing', 'text'],
  thinking: ['thinking'],
  retry: ['retry'],
}

function visibleItem(event: SessionEvent): Omit<AgentActivityItem, 'at'> | undefined {
  switch (event.type) {
    case 'text-delta':
      return { kind: 'writing', text: event.text }
    case 'message-ended':
      return { kind: 'text', text: event.text }
    case 'thinking-advanced':
      return { kind: 'thinking', text: '' }
    case 'tool-started':
      return { kind: 'tool', text: formatToolCallWithInput(event) }
    case 'tool-ended':
      return { kind: 'tool-result', text: (event.failed ? 'failed: ' : '') + event.output }
    case 'approval-requested':
      return { kind: 'permission', text: formatToolCallWithInput(event) }
    case 'retry-announced':
      return { kind: 'retry', text: `${event.failure.reason}, try ${event.attempt} of ${event.maxAttempts}` }
    case 'notice':
      return { kind: 'notice', text: event.text }
    default:
      return undefined
  }
}

/** A tool call as its name and its input in JSON, on one line. */
export function formatToolCallWithInput(call: { tool: string; input: unknown }): string {
  return call.input === undefined ? call.tool : `${call.tool} ${JSON.stringify(call.input)}`
}

/** Shortens a text: messages keep their end, because they may still grow, all other kinds their beginning. */
function shorten(text: string, kind: AgentActivityItem['kind']): string {
  if (text.length <= keptCharacters) return text
  const fromEnd = kind === 'writing' || kind === 'text'
  const kept = fromEnd
    ? `…${fromWholeWord(text.slice(1 - keptCharacters))}`
    : `${text.slice(0, keptCharacters - 1)}…`
  return kept.toWellFormed()
}

/** Drops a partial word at the start of a text: the rest of a cut token would not be recognized and masked. */
function fromWholeWord(text: string): string {
  return text.replace(/^[\w+/=.~-]+/, '')
}
