import type { TurnUsage } from '@subagent-mcp/contract'
import type { RestPeriod, TurnLine, WorkerLine, WorkerStatus } from '@subagent-mcp/worker'
import { cutSafeLine } from '../terminal/text.js'

/** Returns a line of a worker's log as text, without its time. */
export function lineText(line: WorkerLine): string {
  switch (line.type) {
    case 'started':
      return line.session === undefined ? 'started' : `started session=${line.session}`
    case 'turn':
      return turnText(line)
    case 'unreachable':
    case 'trouble':
      return `${line.type} error=${quoted(line.problem)}`
    case 'resting':
    case 'blocked':
      return restText(line)
    case 'recovered':
    case 'stopped':
      return line.type
  }
}

function restText({ type, reason, hint, until }: RestPeriod): string {
  const why = `${type} until=${new Date(until).toISOString()} reason=${quoted(reason)}`
  return hint === undefined ? why : `${why} hint=${quoted(hint)}`
}

function turnText(line: TurnLine): string {
  const { outcome, ms, waitedMs, model, usage = {}, session, fresh, messages, error } = line
  return [
    `turn ${outcome} ms=${Math.round(ms)} waited=${Math.round(waitedMs)}`,
    ...(model === undefined ? [] : [`model=${model}`]),
    ...usageWords(usage),
    ...(session === undefined ? [] : [`session=${session}${fresh ? ' (new)' : ''}`]),
    `messages=${messages.join(',')}`,
    ...(error === undefined ? [] : [`error=${quoted(error)}`]),
  ].join(' ')
}

/** Describes input tokens, output tokens and cost. Figures that the provider does not report are left out. */
function usageWords({ inputTokens, outputTokens, costUsd }: TurnUsage): string[] {
  const isCounted = inputTokens !== undefined || outputTokens !== undefined
  return [
    ...(isCounted ? [`tokens=${inputTokens ?? 0}/${outputTokens ?? 0}`] : []),
    ...(costUsd === undefined ? [] : [`usd=${costUsd.toFixed(4)}`]),
  ]
}

function quoted(text: string): string {
  return JSON.stringify(cutSafeLine(text, 300))
}

/** Describes why a worker takes no messages, with a hint for the user. */
export function whyText({ reason, hint }: Pick<RestPeriod, 'reason' | 'hint'>): string {
  return hint === undefined
    ? cutSafeLine(reason, 300)
    : `${cutSafeLine(reason, 300)}; hint: ${cutSafeLine(hint, 300)}`
}

/** Describes the current status of a worker. */
export function statusText(status: WorkerStatus): string {
  switch (status.type) {
    case 'working':
      return `turn begun for ${status.messages.length === 1 ? 'a message' : `${status.messages.length} messages`} from ${status.from.join(', ')}`
    case 'waiting':
      return 'waiting for messages'
    case 'resting':
    case 'blocked':
      return `${status.type}: ${whyText(status)}`
    case 'unreachable':
      return `unreachable: ${cutSafeLine(status.problem, 200)}`
    case 'stopped':
      return 'stopped'
  }
}
