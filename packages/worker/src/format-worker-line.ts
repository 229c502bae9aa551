import type { TurnUsage } from '@subagent-mcp/contract'
import { formatErrorOnOneLine } from './describe-error.js'
import type { WorkerPause, WorkerTurnLine, WorkerLine } from './worker-line.js'
import type { WorkerStatus } from './worker-memory.js'

/** Returns a line of a worker's log as text, without its time. */
export function formatWorkerLine(line: WorkerLine): string {
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

function restText({ type, reason, hint, until }: WorkerPause): string {
  const why = `${type} until=${new Date(until).toISOString()} reason=${quoted(reason)}`
  return hint === undefined ? why : `${why} hint=${quoted(hint)}`
}

function turnText(line: WorkerTurnLine): string {
  const { outcome, ms, waitedMs, model, usage = {}, session, fresh, messages, error } = line
  return [
    `turn ${outcome} ms=${String(Math.round(ms))} waited=${String(Math.round(waitedMs))}`,
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
    ...(isCounted ? [`tokens=${String(inputTokens ?? 0)}/${String(outputTokens ?? 0)}`] : []),
    ...(costUsd === undefined ? [] : [`usd=${costUsd.toFixed(4)}`]),
  ]
}

function quoted(text: string): string {
  return JSON.stringify(formatErrorOnOneLine(text))
}

/** Describes why a worker takes no messages, with a hint for the user. */
export function formatWorkerPauseReason({ reason, hint }: Pick<WorkerPause, 'reason' | 'hint'>): string {
  return hint === undefined
    ? formatErrorOnOneLine(reason)
    : `${formatErrorOnOneLine(reason)}; hint: ${formatErrorOnOneLine(hint)}`
}

/** Describes the current status of a worker. */
export function formatWorkerStatus(status: WorkerStatus): string {
  switch (status.type) {
    case 'working':
      return `turn begun for ${status.messages.length === 1 ? 'a message' : `${String(status.messages.length)} messages`} from ${status.from.join(', ')}`
    case 'waiting':
      return 'waiting for messages'
    case 'resting':
    case 'blocked':
      return `${status.type}: ${formatWorkerPauseReason(status)}`
    case 'unreachable':
      return `unreachable: ${formatErrorOnOneLine(status.problem)}`
    case 'stopped':
      return 'stopped'
  }
}
