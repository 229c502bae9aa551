import { findAgent, isRunning, pendingApprovals, type Agent, type Supervisor } from '@subagent-mcp/core'
import type { WaitBody } from '../api/bodies.js'

/** The agents as they are at the end of the wait; those that were forgotten meanwhile are left out. */
export type AgentsAtRest = { timedOut: boolean; agents: Agent[] }

/**
 * Waits, decided by facts, until one or all of the agents have nothing to do, or one asks for permission. It takes no
 * report from anybody. @throws SubagentError `unknown-agent`
 */
export async function waitForAgents(
  supervisor: Supervisor,
  { agentIds, until, timeoutSeconds }: WaitBody,
  signal: AbortSignal,
): Promise<AgentsAtRest> {
  for (const id of agentIds) findAgent(supervisor, id)
  const agents = (): Agent[] => agentIds.flatMap((id) => supervisor.fleet().agents.get(id) ?? [])
  const isOver = (): boolean => {
    const running = agents().filter(isRunning).length
    const enough = until === 'all' ? running === 0 : running < agentIds.length
    return enough || agents().some((agent) => pendingApprovals(agent).length > 0)
  }
  const timedOut = await untilTrue(supervisor, isOver, { timeout: timeoutSeconds * 1000, signal })
  return { timedOut, agents: agents() }
}

/** Resolves `false` when it is so, `true` when the time is over; and when nobody waits any more. */
function untilTrue(
  { subscribe, clock }: Supervisor,
  isTrue: () => boolean,
  { timeout, signal }: { timeout: number; signal: AbortSignal },
): Promise<boolean> {
  if (isTrue()) return Promise.resolve(false)
  return new Promise((resolve) => {
    const finish = (timedOut: boolean): void => {
      unsubscribe()
      cancelTimer()
      signal.removeEventListener('abort', giveUp)
      resolve(timedOut)
    }
    const giveUp = (): void => {
      finish(true)
    }
    const unsubscribe = subscribe(() => {
      if (isTrue()) finish(false)
    })
    const cancelTimer = clock.after(timeout, giveUp)
    signal.addEventListener('abort', giveUp)
    if (signal.aborted) giveUp()
  })
}
