import { SubagentError, systemClock } from '@subagent-mcp/contract'
import { disconnectCaller, type ChildProcess, type Supervisor } from '@subagent-mcp/core'
import type { DaemonPort, Environment, Guest, Visit } from '@subagent-mcp/daemon'
import { childAround, depthOf, mailboxOf, mailboxVariable } from '@subagent-mcp/driver-kit'
import type { Authority } from '@subagent-mcp/permissions'
import { createHash, randomUUID } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { AgentsDesk } from '../agents/agents-desk.js'
import type { Environments } from './caller-environments.js'
import type { CallerMail } from '../mail/caller-mail.js'
import type { ModeDesk } from '../mode/mode-desk.js'
import type { Config } from '../settings/config.js'
import { projectOf } from '../mode/project-root.js'
import { isAttended } from '../permissions/attended.js'
import { callerAuthority } from '../permissions/caller-authority.js'
import { existingFolder, textKeeper } from '../settings/folders.js'

/** What guests are received with. */
export type ReceptionParts = {
  supervisor: Supervisor
  environments: Environments
  config: Config
  /** The most that a host can give. */
  ceiling: Authority
  stalledAfter: number
  /** The folder in which everything of ours is kept. */
  home: string
  /** Another owner of the journal may have died since, whose agents this guest asks for. */
  recover: () => Promise<void>
  /** The agents of definitions, as a caller sees them. */
  agentsFor: AgentsDesk
  /** Orchestration mode, as a host has it. */
  modeFor: ModeDesk
  /** Messages between agents, as a caller has them. */
  mailFor: CallerMail
}

/** Receives whoever comes, a host's shim or a terminal. @throws SubagentError `cwd-missing`, `already-running` */
export function createReception(parts: ReceptionParts): DaemonPort['welcome'] {
  const { supervisor, environments, config, ceiling, stalledAfter, home, recover } = parts
  const { agentsFor, modeFor, mailFor } = parts
  const saveText = textKeeper(join(home, 'answers'))
  return (guest) => {
    const cwd = existingFolder(guest.cwd, guest.cwd)
    const caller = guest.key === undefined ? randomUUID() : callerWith(guest.key)
    checkAbsent(supervisor, caller)
    const depth = depthOf(guest)
    const authority = callerAuthority(guest, depth, ceiling)
    const environment = withOwnMailbox(guest, depth)
    environments.add(caller, environment)
    const at = systemClock.now()
    const project = projectOf(cwd)
    const terminal = guest.terminal && { terminal: guest.terminal }
    const attended = depth === 0 && isAttended(guest) && { attended: true as const }
    const from = { caller, project, depth, authority, ...(depth > 0 && placeOf(guest, cwd)) }
    supervisor.dispatch({ type: 'caller-connected', at, ...from, ...terminal, ...attended })
    void recover()
    // Who comes for one request has no time for mail.
    const mail = guest.terminal ? undefined : mailFor({ ...guest, environment, caller, root: project, depth })
    const stay = mail && systemClock.after(probeMs, mail.settleIn)
    return {
      caller,
      ...offersOf(environment, depth),
      mayLaunch: depth < config.limits.maxDepth,
      mcp: {
        supervisor,
        stalledAfter,
        onHostExit: config.onHostExit,
        agents: agentsFor({ caller, cwd, environment, depth, authority }),
        ...(depth === 0 && { mode: modeFor({ project, environment }) }),
        ...(mail && { mail: mail.port }),
        resolveFolder: (folder) => {
          const found = existingFolder(folder, cwd)
          return depth > 0 ? realpathSync(found) : found
        },
        saveText,
      },
      leave: () => {
        stay?.()
        mail?.leave()
        disconnectCaller(supervisor, caller)
        environments.leave(caller)
      },
    }
  }
}

/** Where an agent is. Links are followed: it gives no folder that its own only leads to. */
function placeOf(guest: Guest, cwd: string): { folder: string; process?: ChildProcess } {
  const child = childAround(guest)
  return { folder: realpathSync(cwd), ...(child && { process: child }) }
}

/**
 * The id of the caller that has a key: the same for every daemon, so what it launched is its own after a restart. The
 * id is shown and journaled, and the key cannot be told from it.
 */
function callerWith(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32)
}

/** Also with its key nobody takes the place of a caller that is connected. @throws SubagentError `already-running` */
function checkAbsent(supervisor: Supervisor, caller: string): void {
  if (!supervisor.fleet().callers.has(caller)) return
  const hint = 'connect again when its other connection has ended'
  throw new SubagentError('already-running', `caller ${caller} is connected`, { hint })
}

/** A worker's agents have the worker's mailbox, and those that an agent launches the agent's, whatever it says. */
function withOwnMailbox({ environment, pid, mailbox }: Guest, depth: number): Environment {
  const inherited = depth > 0 ? mailboxOf({ environment, ...(pid !== undefined && { pid }) }) : undefined
  return { ...environment, [mailboxVariable]: mailbox ?? inherited ?? '' }
}

/** How long a host may be here that only looks what we offer, in milliseconds. */
const probeMs = 1_000

/** What opens a session of ours may narrow what its agent is offered; to a host the same variable is anybody's. */
function offersOf({ SUBAGENT_MCP_TOOLS: names }: Environment, depth: number): Pick<Visit, 'offers'> {
  if (depth === 0 || names === undefined) return {}
  return { offers: names.split(',').map((name) => name.trim()) }
}
