import type { SessionSpec } from '@subagent-mcp/contract'
import { findUsageLimitEnding, type Agent, type Supervisor } from '@subagent-mcp/core'

type Environment = SessionSpec['environment']

/** The environment variables of callers. They hold secrets, so they stay in memory only, and only until the caller's last agent ends. */
export type CallerEnvironments = {
  add(caller: string, environment: Environment): void
  of(caller: string): Environment
  has(caller: string): boolean
  /** Marks a caller as disconnected; its agents may continue. */
  leave(caller: string): void
  /** Drops the environment of a disconnected caller when its last agent ends. */
  watch(supervisor: Supervisor): void
}

export function createCallerEnvironments(): CallerEnvironments {
  const environments = new Map<string, Environment>()
  const gone = new Set<string>()
  let isNeeded = (_caller: string): boolean => true

  const forgetUnneeded = (): void => {
    for (const caller of gone) {
      if (isNeeded(caller)) continue
      gone.delete(caller)
      environments.delete(caller)
    }
  }
  return {
    add: (caller, environment) => {
      // The caller may have reconnected before its last agent has ended.
      gone.delete(caller)
      environments.set(caller, environment)
    },
    of: (caller) => environments.get(caller) ?? {},
    has: (caller) => environments.has(caller),
    leave: (caller) => {
      gone.add(caller)
      forgetUnneeded()
    },
    watch: (supervisor) => {
      isNeeded = (caller) => {
        const { open, unsettled } = supervisor.state()
        const isTheirs = (agent: Agent): boolean => agent.actor === caller
        return (
          open.some(isTheirs) ||
          unsettled.some((agent) => isTheirs(agent) && findUsageLimitEnding(agent) !== undefined)
        )
      }
      supervisor.subscribe((fact) => {
        if (gone.size > 0 && 'agentId' in fact && !supervisor.state().open.has(fact.agentId)) forgetUnneeded()
      })
    },
  }
}
