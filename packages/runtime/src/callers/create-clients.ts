import { omitUndefined } from '@subagent-mcp/contract'
import type { Supervisor } from '@subagent-mcp/core'
import type { Mailbox } from '@subagent-mcp/mailbox'
import { noPermissionRules } from '@subagent-mcp/permissions'
import { hostname } from 'node:os'
import { createAgentLauncher } from '../agent-handle.js'
import { createAgentService } from '../definitions/agent-service.js'
import { defaultPoolSettings } from '../definitions/pool-settings.js'
import { createAnswerTextSaver } from '../folders.js'
import { createCallerMail } from '../mail/caller-mail.js'
import type { UserReports } from '../reports/user-reports.js'
import type { RuntimeOptions } from '../runtime-options.js'
import type { RuntimeState } from '../state/runtime-state.js'
import { createWorkers } from '../workers/create-workers.js'
import type { AgentWorktrees } from '../worktrees/agent-worktrees.js'
import type { AgentEditRecord } from '../worktrees/record-agent-edits.js'
import type { CallerEnvironments } from './caller-environments.js'
import type { ClientInfo, Connection } from './connection.js'
import { createConnections } from './connections.js'

/** The parts of a runtime that its clients use. `stalledAfter`: milliseconds of silence after which an agent shows as stalled. */
export type ClientContext = Pick<UserReports, 'recap'> &
  Pick<Parameters<typeof createAgentService>[0], 'pool' | 'drivers'> & {
    supervisor: Supervisor
    environments: CallerEnvironments
    worktrees: AgentWorktrees
    edits: AgentEditRecord
    options: RuntimeOptions
    state: RuntimeState
    mailbox: Mailbox
    stalledAfter: number
  }

/** Creates the clients of a runtime, which launch agents: connections, the program that embeds the runtime, and workers. */
export function createClients(parts: ClientContext) {
  const { supervisor, mailbox, stalledAfter, options } = parts
  const { workers: support = {} } = options
  const connect = connecting(parts)
  return {
    connect,
    launcher: createAgentLauncher({ connect, supervisor, stalledAfter }),
    workers: createWorkers({ support, supervisor, stalledAfter, mailbox, connect }),
  }
}

function connecting({
  options,
  state,
  mailbox,
  worktrees,
  edits,
  recap,
  stalledAfter,
  ...parts
}: ClientContext): (client: ClientInfo) => Connection {
  const { supervisor, environments } = parts
  const { onHostExit = 'keep', log = () => undefined } = options
  const { ceiling = { preset: 'accept-edits', rules: noPermissionRules } } = options
  const trust = {
    ...{ bypassPermissions: [], definitionVariables: {}, settingsPlace: 'the options of the runtime' },
    ...options.trust,
    ceiling: ceiling.preset,
  }
  return createConnections({
    ...{ supervisor, environments, stalledAfter, onHostExit, ceiling, worktrees, edits, recap },
    ...omitUndefined({ projectGates: options.checks?.projectGates }),
    offersAll: options.tools === 'all',
    maxDepth: supervisor.state().limits.maxDepth,
    saveText: createAnswerTextSaver(state.answersFolder),
    recover: () => state.recover(supervisor),
    modeFor: options.modeFor,
    ...(options.setupFor && { setupFor: options.setupFor }),
    ...(state.untypedTurns && { untypedTurns: state.untypedTurns }),
    mailFor: createCallerMail({ mailbox, host: hostname(), clock: supervisor.clock, log }),
    agentsFor: createAgentService({
      ...{ ...parts, trust },
      poolDefaults: options.poolDefaults ?? defaultPoolSettings,
      checkSettings: options.checkSettings ?? (() => undefined),
    }),
  })
}
