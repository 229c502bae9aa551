import type { SessionSpec } from '@subagent-mcp/contract'
import type { Supervisor } from '@subagent-mcp/core'

type Environment = SessionSpec['environment']

/** The environments of callers. They hold secrets: kept in memory alone, and no longer than an agent needs them. */
export type Environments = {
  add(caller: string, environment: Environment): void
  of(caller: string): Environment
  /** The caller is gone; its agents may go on. */
  leave(caller: string): void
  /** Forgets a caller that is gone with the last of its agents. */
  watch(supervisor: Supervisor): void
}

/** Without any at first. */
export function createEnvironments(): Environments {
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
      // It may have been here before, and be back before the last of its agents has ended.
      gone.delete(caller)
      environments.set(caller, environment)
    },
    of: (caller) => environments.get(caller) ?? {},
    leave: (caller) => {
      gone.add(caller)
      forgetUnneeded()
    },
    watch: (supervisor) => {
      isNeeded = (caller) => supervisor.fleet().open.some((agent) => agent.actor === caller)
      supervisor.subscribe((fact) => {
        if (gone.size > 0 && 'agentId' in fact && !supervisor.fleet().open.has(fact.agentId)) forgetUnneeded()
      })
    },
  }
}
