import {
  omitUndefined,
  readHostCallTimeLimit,
  findModelProviderOfCommand,
  SubagentError,
} from '@subagent-mcp/contract'
import { connectCaller, disconnectCaller, type CallerState, type Supervisor } from '@subagent-mcp/core'
import {
  findEnclosingChild,
  computeNestingDepth,
  findHostPids,
  findCallerMailboxName,
  mailboxNameVariable,
  type Environment,
} from '@subagent-mcp/driver-kit'
import type { McpPort, AutomaticTurnCount } from '@subagent-mcp/mcp-server'
import type { CallerPermissions } from '@subagent-mcp/permissions'
import type { ModeService } from '@subagent-mcp/orchestration'
import type { ClientInfo, Connection } from './connection.js'
import { createHash, randomUUID } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { createCallerAgents, type CallerAgentsContext } from '../agents/caller-agents.js'
import { findSourceProject, type AgentWorktrees } from '../worktrees/agent-worktrees.js'
import { createCallerChanges } from '../worktrees/caller-changes.js'
import type { AgentEditRecord } from '../worktrees/record-agent-edits.js'
import { isPersonPresent } from './is-person-present.js'
import { determineCallerAuthority } from './caller-authority.js'
import type { CallerEnvironments } from './caller-environments.js'
import type { AgentService } from '../definitions/agent-service.js'
import type { RuntimeOptions } from '../runtime-options.js'
import { resolveFolder } from '../folders.js'
import type { CallerMail } from '../mail/caller-mail.js'
import type { UserReports } from '../reports/user-reports.js'

export type ConnectionContext = Pick<McpPort, 'supervisor' | 'stalledAfter' | 'saveText'> & {
  /** The default of the launch option `onHostExit`: whether a host's agents continue when the host exits. */
  onHostExit: 'keep' | 'kill'
  environments: CallerEnvironments
  maxDepth: number
  /** Whether a client is also offered the tools that it cannot use yet. */
  offersAll?: boolean
  /** The most permissions that a host may grant. */
  ceiling: CallerPermissions
  /** Takes over the agents of runtimes that died since the last connection, because the new client may ask for these agents. */
  recover: () => Promise<void>
  agentsFor: AgentService
  worktrees: AgentWorktrees
  projectGates?: CallerAgentsContext['projectGates']
  edits: AgentEditRecord
  recap?: UserReports['recap']
  modeFor?: ModeService | undefined
  setupFor?: RuntimeOptions['setupFor']
  /** Returns the count of turns that no person typed in the host that is one of these processes. Default: such turns are not limited. */
  untypedTurns?: (processes: readonly number[]) => AutomaticTurnCount
  mailFor: CallerMail
}

/** Returns the function that connects clients. @throws SubagentError `cwd-missing`, `already-running` */
export function createConnections(parts: ConnectionContext): (client: ClientInfo) => Connection {
  const { supervisor, environments, ceiling, recover, mailFor } = parts
  return (client) => {
    const cwd = resolveFolder(client.cwd, client.cwd)
    const caller = client.caller ?? (client.key === undefined ? randomUUID() : callerWithKey(client.key))
    checkNotConnected(supervisor, caller)
    const depth = computeNestingDepth(client)
    const authority = determineCallerAuthority(client, depth, ceiling)
    const environment = withOwnMailbox(client, depth)
    environments.add(caller, environment)
    const project = findSourceProject(supervisor.state(), cwd)
    const kind = kindOf(client)
    const processes = depth === 0 && kind === 'host' && client.pid ? findHostPids(client.pid) : undefined
    connectCaller(supervisor, {
      ...{ caller, project, depth, authority },
      ...(depth > 0 && agentPlace(client, cwd)),
      // A host sends its name later, in the MCP handshake.
      ...(client.terminal && {
        terminal: client.terminal,
        ...omitUndefined({ vendor: findModelProviderOfCommand(environment) }),
      }),
      ...(kind === 'worker' && { worker: true }),
      ...(depth === 0 && isPersonPresent(client) && { attended: true }),
      ...(processes && { hostProcesses: processes }),
    })
    void recover()
    const mail = client.terminal
      ? undefined
      : mailFor({ ...client, environment, caller, root: project, depth })
    const settling = mail && supervisor.clock.after(probeMs, mail.settleIn)
    return {
      caller,
      ...offersOf(environment, depth),
      ...(parts.offersAll && { offersAll: true }),
      mayLaunch: depth < parts.maxDepth,
      callLimit: (name) => readHostCallTimeLimit(name, environment),
      port: mcpPort(
        parts,
        { caller, cwd, project, environment, depth, authority, kind, processes },
        mail?.port,
      ),
      disconnect: () => {
        settling?.()
        mail?.leave()
        disconnectCaller(supervisor, caller)
        environments.leave(caller)
      },
    }
  }
}

/** Returns the folder and the CLI process of an agent that connects. Links in the folder's path are resolved, so that no link leads out of it. */
function agentPlace(client: ClientInfo, cwd: string): Pick<CallerState, 'folder' | 'process'> {
  const child = findEnclosingChild(client)
  return { folder: realpathSync(cwd), ...(child && { process: child }) }
}

type CallerContext = Parameters<AgentService>[0] &
  Pick<CallerAgentsContext, 'kind'> & { project: string; processes: readonly number[] | undefined }

/** Returns the kind of caller. Only workers connect under a mailbox name of their own. */
function kindOf({ mailbox, terminal }: ClientInfo): CallerAgentsContext['kind'] {
  if (mailbox !== undefined) return 'worker'
  return terminal ? 'request' : 'host'
}

function mcpPort(parts: ConnectionContext, context: CallerContext, mail: McpPort['mail']): McpPort {
  const { supervisor, stalledAfter, onHostExit, saveText, agentsFor, worktrees, edits } = parts
  const { modeFor, setupFor, untypedTurns } = parts
  const { caller, cwd, depth, kind, processes = [] } = context
  const folderOf = (path: string | undefined): string => {
    const found = resolveFolder(path, cwd)
    return depth > 0 ? realpathSync(found) : found
  }
  const agents = createCallerAgents({
    ...{ supervisor, caller, kind, onHostExit, folderOf, worktrees },
    ...omitUndefined({ projectGates: parts.projectGates }),
    recover: () => void parts.recover(),
    definitions: agentsFor(context),
  })
  const isPerson = depth === 0 && kind === 'request'
  return {
    ...{ supervisor, stalledAfter, saveText, agents },
    changes: createCallerChanges({
      ...{ supervisor, caller, isPerson, find: agents.find, worktrees },
      shared: edits.shared,
    }),
    ...(depth === 0 && kind === 'host' && untypedTurns && { untypedTurns: untypedTurns(processes) }),
    ...(depth === 0 && parts.recap && { recap: parts.recap }),
    ...(depth === 0 && modeFor && { mode: modeFor(context) }),
    ...(depth === 0 && kind === 'host' && setupFor && { setup: setupFor(context) }),
    ...(mail && { mail }),
  }
}

/** Returns the caller id for a key, the same in every daemon, so that agents keep their caller. The key cannot be derived from the public id. */
function callerWithKey(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32)
}

/** Checks that no other connection of this caller is open. @throws SubagentError `already-running` */
function checkNotConnected(supervisor: Supervisor, caller: string): void {
  if (!supervisor.state().callers.has(caller)) return
  const hint = 'connect again when its other connection has ended'
  throw new SubagentError('already-running', `caller ${caller} is already connected`, { hint })
}

/**
 * Returns the client's environment with the mailbox name that its agents get. A worker's agents get the name of the worker; agents
 * that an agent launches get the name of that agent.
 */
function withOwnMailbox({ environment, pid, mailbox }: ClientInfo, depth: number): Environment {
  const inherited =
    depth > 0 ? findCallerMailboxName({ environment, ...(pid !== undefined && { pid }) }) : undefined
  return { ...environment, [mailboxNameVariable]: mailbox ?? inherited ?? '' }
}

/** The milliseconds after which a connection is registered in the mailbox. Hosts that only list the tools disconnect sooner. */
const probeMs = 1_000

/** Reads from the variable `SUBAGENT_MCP_TOOLS` which tools an agent is offered. The variable has no effect in a host. */
function offersOf({ SUBAGENT_MCP_TOOLS: names }: Environment, depth: number): Pick<Connection, 'offers'> {
  if (depth === 0 || names === undefined) return {}
  return { offers: names.split(',').map((name) => name.trim()) }
}
