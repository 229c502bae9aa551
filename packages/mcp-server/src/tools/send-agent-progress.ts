import type { Fact, AgentWaitQuery } from '@subagent-mcp/core'
import { describeProgress } from '../answers/describe-progress.js'
import type { McpToolContext } from '../mcp-tool.js'

/** The shortest and the longest time between two progress messages, in milliseconds. */
const shortest = 1_000
const longest = 15_000

/**
 * Sends progress of the agents to the host until the returned function is called. It is sent even if nothing has changed, because
 * hosts end a silent call.
 */
export function sendAgentProgress(context: McpToolContext, query: AgentWaitQuery): () => void {
  const { supervisor, progress } = context
  const { clock } = supervisor
  let toldAt = -Infinity
  let told = ''
  let cancelNext = (): void => undefined

  const tell = (): void => {
    const { message, share } = describeProgress(context, query)
    if (message !== told || clock.now() - toldAt >= longest) {
      toldAt = clock.now()
      if (message !== '') progress(message, share)
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
