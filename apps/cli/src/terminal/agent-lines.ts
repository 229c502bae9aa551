import type { AgentSummary } from '@subagent-mcp/api'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { formatProviderModel } from '@subagent-mcp/routing'
import { formatLongTimeSpan, formatCountWithNoun, formatTurnUsage } from './format.js'
import { cutSafeLine } from './text.js'
import type { TextTone } from './paint.js'

type Status = AgentSummary['status']

export const agentStatusTones: Readonly<Record<Status, TextTone>> = {
  queued: 'dim',
  processing: 'plain',
  stalled: 'yellow',
  permission_requested: 'yellow',
  checking: 'plain',
  finished: 'green',
  errored: 'red',
  stopped: 'dim',
  interrupted: 'red',
}

/** Whether an agent has a turn that is waiting, running, or waiting for a permission. */
export function isAgentBusy({ status }: Pick<AgentSummary, 'status'>): boolean {
  return busy.includes(status)
}

const busy: readonly Status[] = ['queued', 'processing', 'stalled', 'permission_requested', 'checking']

/** Returns the id of an agent and its name, if it has one: `k3f9 "tests"`. */
export function formatAgentIdAndName({ id, name }: Pick<AgentSummary, 'id' | 'name'>): string {
  return name === undefined ? id : `${id} "${revealInvisibleCharacters(name, 40)}"`
}

/** Returns the provider and model of an agent: `claude/opus`, or `claude-opus-5-5` where the model names its provider. */
export function formatAgentModel(agent: Pick<AgentSummary, 'provider' | 'model'>): string {
  return cutSafeLine(formatProviderModel(agent), 40)
}

/** Describes in one line how an agent's last turn ended, or its state: `k3f9 finished in 20 s on codex/gpt, 12k tokens in, 800 out`. */
export function describeAgentOutcome(agent: AgentSummary): string {
  const head = formatAgentIdAndName(agent)
  const { status, permissions, failure } = agent
  if (status === 'permission_requested') {
    const calls = permissions.map(({ call }) => revealInvisibleCharacters(call, 600))
    return `${head} asks permission: ${calls.join('; ')}`
  }
  if (isAgentBusy(agent)) return `${head} is ${status}`
  const why = status === 'errored' && failure ? `: ${describeAgentFailure(failure)}` : ''
  const lost = describeUndeliveredMessages(agent)
  return `${head} ${status}${lastTurnText(agent)}${why}${lost && `, ${lost}`}`
}

/** Describes queued messages that an idle agent will not get, such as after the end of its daemon; empty if there are none. */
export function describeUndeliveredMessages(agent: AgentSummary): string {
  const { queuedMessages } = agent
  return isAgentBusy(agent) || queuedMessages === 0
    ? ''
    : `${formatCountWithNoun(queuedMessages, 'message')} NOT delivered`
}

/** Describes in one line why an agent or a turn failed, and what to do. */
export function describeAgentFailure(failure: { reason: string; message: string; hint?: string }): string {
  const { reason, message, hint } = failure
  return cutSafeLine(`${reason}: ${message}${hint === undefined ? '' : ` (${hint})`}`, 600)
}

function lastTurnText(agent: AgentSummary): string {
  const { status, turns } = agent
  const last = turns.at(-1)
  // An agent that was killed between turns, or before its first, has no last turn to describe.
  if (!last || last.status !== status) return ''
  const usage = last.usage ? formatTurnUsage(last.usage) : ''
  const span = `${status === 'finished' ? 'in' : 'after'} ${formatLongTimeSpan(last.endedAt - last.startedAt)}`
  return ` ${span} on ${formatAgentModel(agent)}${usage && `, ${usage}`}`
}
