import { agentStatus, waitOutcome, type Agent, type Fact, type WaitQuery } from '@subagent-mcp/core'
import { firstLine } from '../answers/cut-text.js'
import { agentLabel } from '../answers/describe-agent.js'
import { describeWhoIsAsked } from '../answers/describe-question.js'
import type { ToolContext } from '../tool.js'

/** The shortest and the longest time between two progress messages, in milliseconds. */
const shortest = 1_000
const longest = 15_000

/** Sends progress of the agents to the host until the returned function is called, also without news, because hosts give up on a silent call. */
export function reportProgress(context: ToolContext, query: WaitQuery): () => void {
  const { supervisor, progress } = context
  const { clock } = supervisor
  let toldAt = -Infinity
  let told = ''
  let cancelNext = (): void => undefined

  const tell = (): void => {
    const message = summary(context, query)
    if (message !== told || clock.now() - toldAt >= longest) {
      toldAt = clock.now()
      progress(message)
    }
    told = message
    plan(toldAt + longest - clock.now())
  }
  const plan = (delay: number): void => {
    cancelNext()
    cancelNext = clock.after(delay, tell)
  }
  const unsubscribe = supervisor.subscribe((fact) => {
    if (!isWorthTelling(fact)) return
    plan(Math.max(0, toldAt + shortest - clock.now()))
  })
  tell()
  return () => {
    unsubscribe()
    cancelNext()
  }
}

function isWorthTelling(fact: Fact): boolean {
  if (fact.type === 'session-event-received') return fact.event.type !== 'text-delta'
  return fact.type === 'question-shown' || fact.type === 'question-passed' || fact.type === 'answer-requested'
}

function summary(context: ToolContext, query: WaitQuery): string {
  const { supervisor } = context
  const { running } = waitOutcome(supervisor.state(), query)
  return [`${running.length} running`, ...running.map((agent) => describeActivity(agent, context))].join('; ')
}

/** Describes in one line what an agent is doing. */
export function describeActivity(agent: Agent, context: ToolContext): string {
  const { supervisor, stalledAfter } = context
  const status = agentStatus(agent, { now: supervisor.clock.now(), stalledAfter })
  const line = `${agentLabel(agent)} ${status}${lastItem(agent)}`
  return [line, ...describeWhoIsAsked(agent, context)].join(', ')
}

function lastItem({ activity }: Agent): string {
  const last = activity.recent.at(-1)
  return last ? ` (${last.kind} ${firstLine(last.text, 40)})` : ''
}
