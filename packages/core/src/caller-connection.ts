import type { Supervisor } from './supervisor.js'

/** A caller is gone: its agents go on, less those that were launched to end with it. */
export function disconnectCaller(supervisor: Supervisor, caller: string): void {
  const at = supervisor.clock.now()
  supervisor.dispatch({ type: 'caller-disconnected', at, caller })
  for (const { profile } of supervisor.fleet().open.values()) {
    const { id: agentId, caller: launcher, onHostExit } = profile
    if (launcher === caller && onHostExit === 'kill')
      supervisor.dispatch({ type: 'stop-requested', at, agentId, by: caller })
  }
}
