import { systemClock } from '@subagent-mcp/contract'
import { disconnectCaller, type Supervisor } from '@subagent-mcp/core'
import type { DaemonPort } from '@subagent-mcp/daemon'
import { depthOf } from '@subagent-mcp/driver-kit'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { AgentsDesk } from '../agents/agents-desk.js'
import type { Environments } from './caller-environments.js'
import type { ModeDesk } from '../mode/mode-desk.js'
import type { Config } from '../settings/config.js'
import { projectOf } from '../mode/project-root.js'
import { existingFolder, textKeeper } from '../settings/folders.js'

/** What guests are received with. */
export type ReceptionParts = {
  supervisor: Supervisor
  environments: Environments
  config: Config
  stalledAfter: number
  /** The folder in which everything of ours is kept. */
  home: string
  /** Another owner of the journal may have died since, whose agents this guest asks for. */
  recover: () => Promise<void>
  /** The agents of definitions, as a caller sees them. */
  agentsFor: AgentsDesk
  /** Orchestration mode, as a host has it. */
  modeFor: ModeDesk
}

/** Receives whoever comes, a host's shim or a terminal. @throws SubagentError `cwd-missing` */
export function createReception(parts: ReceptionParts): DaemonPort['welcome'] {
  const { supervisor, environments, config, stalledAfter, home, recover, agentsFor, modeFor } = parts
  const saveText = textKeeper(join(home, 'answers'))
  return (guest) => {
    const cwd = existingFolder(guest.cwd, guest.cwd)
    const caller = randomUUID()
    const depth = depthOf(guest)
    environments.add(caller, guest.environment)
    const at = systemClock.now()
    const project = projectOf(cwd)
    const terminal = guest.terminal && { terminal: guest.terminal }
    supervisor.dispatch({ type: 'caller-connected', at, caller, project, depth, ...terminal })
    void recover()
    return {
      caller,
      mayLaunch: depth < config.limits.maxDepth,
      mcp: {
        supervisor,
        stalledAfter,
        onHostExit: config.onHostExit,
        agents: agentsFor({ caller, cwd, environment: guest.environment, depth }),
        ...(depth === 0 && { mode: modeFor({ project, environment: guest.environment }) }),
        resolveFolder: (folder) => existingFolder(folder, cwd),
        saveText,
      },
      leave: () => {
        disconnectCaller(supervisor, caller)
        environments.leave(caller)
      },
    }
  }
}
