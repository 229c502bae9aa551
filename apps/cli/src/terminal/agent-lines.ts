import type { AgentSummary } from '@subagent-mcp/api'
import { visibleText } from '@subagent-mcp/mcp-server'
import { modelName } from '@subagent-mcp/routing'
import { longSpan, plural, usageText } from './format.js'
import { oneLine } from './text.js'
import type { Tone } from './paint.js'

type Status = AgentSummary['status']

/** How a status looks. */
export const statusTones: Readonly<Record<Status, Tone>> = {
  queued: 'dim',
  processing: 'plain',
  stalled: 'yellow',
  permission_requested: 'yellow',
  finished: 'green',
  errored: 'red',
  stopped: 'dim',
  interrupted: 'red',
}

/** Whether something may still come of the agent: by itself, or once its question is answered. */
export function isBusy({ status }: Pick<AgentSummary, 'status'>): boolean {
  return busy.includes(status)
}

const busy: readonly Status[] = ['queued', 'processing', 'stalled', 'permission_requested']

/** How an agent is called: its id, and its name where it has one. */
export function agentHead({ id, name }: Pick<AgentSummary, 'id' | 'name'>): string {
  return name === undefined ? id : `${id} "${visibleText(name, 40)}"`
}

/** What an agent runs on: `claude/opus`, or `claude-opus-5-5`, which says it all. */
export function modelText(agent: Pick<AgentSummary, 'provider' | 'model'>): string {
  return oneLine(modelName(agent), 40)
}

/** How an agent's last turn ended, or what keeps it, in a line: `k3f9 finished in 20 s on codex/gpt, 12k tokens in, 800 out`. */
export function outcomeText(agent: AgentSummary): string {
  const head = agentHead(agent)
  const { status, permissions, failure } = agent
  if (status === 'permission_requested') {
    const calls = permissions.map(({ call }) => visibleText(call, 600))
    return `${head} asks permission: ${calls.join('; ')}`
  }
  if (isBusy(agent)) return `${head} is ${status}`
  const why = status === 'errored' && failure ? `: ${failureText(failure)}` : ''
  const lost = undeliveredText(agent)
  return `${head} ${status}${lastTurnText(agent)}${why}${lost && `, ${lost}`}`
}

/** What was said to an agent that it will not hear by itself, as after the end of its daemon; else nothing. */
export function undeliveredText(agent: AgentSummary): string {
  const { queuedMessages } = agent
  return isBusy(agent) || queuedMessages === 0 ? '' : `${plural(queuedMessages, 'message')} NOT delivered`
}

/** Why something failed, and what to do, on one line. */
export function failureText(failure: { reason: string; message: string; hint?: string }): string {
  const { reason, message, hint } = failure
  return oneLine(`${reason}: ${message}${hint === undefined ? '' : ` (${hint})`}`, 600)
}

function lastTurnText(agent: AgentSummary): string {
  const { status, turns } = agent
  const last = turns.at(-1)
  // An agent that was killed between turns, or never had one, has no last turn to tell of.
  if (!last || last.status !== status) return ''
  const usage = last.usage ? usageText(last.usage) : ''
  const span = `${status === 'finished' ? 'in' : 'after'} ${longSpan(last.endedAt - last.startedAt)}`
  return ` ${span} on ${modelText(agent)}${usage && `, ${usage}`}`
}
