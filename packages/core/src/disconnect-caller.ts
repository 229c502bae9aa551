import type { Agent } from './agent.js'
import { forgetTask } from './await-task.js'
import type { Supervisor } from './supervisor.js'

/** A caller is gone: its agents go on, less those that were launched to end with it. */
export function disconnectCaller(supervisor: Supervisor, caller: string): void {
  const at = supervisor.clock.now()
  supervisor.dispatch({ type: 'caller-disconnected', at, caller })
  for (const agent of supervisor.fleet().open.values()) {
    const { id: agentId, caller: launcher, onHostExit } = agent.profile
    if (launcher !== caller || onHostExit === 'keep') continue
    if (agent.profile.pool) endTask(supervisor, agent)
    else supervisor.dispatch({ type: 'stop-requested', at, agentId, by: caller })
  }
  for (const { profile } of supervisor.fleet().agents.values()) {
    const isItsTask = profile.pool && profile.caller === caller && profile.onHostExit === 'kill'
    if (isItsTask) void forgetTask(supervisor, profile.id)
  }
}

/** Nobody waits for it any more. What is over is left to its reset, and its process to the next task. */
function endTask(supervisor: Supervisor, { profile, phase }: Agent): void {
  if (phase.status === 'closing') return
  supervisor.dispatch({ type: 'shutdown-requested', at: supervisor.clock.now(), agentId: profile.id })
}
