import type { Clock, Driver, PermissionPreset } from '@subagent-mcp/contract'
import type { Judge, SupervisorLimits, Supervisor } from '@subagent-mcp/core'
import type { Mailbox } from '@subagent-mcp/mailbox'
import type { Authority } from '@subagent-mcp/permissions'
import type { ModeService } from '@subagent-mcp/orchestration'
import type { UserTrust } from './definitions/check-trust.js'
import type { PoolDefaults } from './definitions/pool-settings.js'
import type { NotifyOptions } from './notify/keep-notifying.js'
import type { RetentionLimits } from './state/retention.js'
import type { RuntimeState } from './state/state.js'
import type { WakeOptions } from './wake/keep-waking.js'

/** The options of `createRuntime`. Only the drivers are required. */
export type RuntimeOptions = {
  /** One driver for each provider. The runtime closes them when it is closed. */
  drivers: readonly Driver[]
  /** Where agents are stored. Default: in memory. See `openState` for a folder. */
  state?: RuntimeState
  /** The mailbox, which the runtime closes with itself. Default: in memory. */
  mailbox?: Mailbox
  /** Limits on agents, such as how many run. Default: infinite, and only hosts launch agents. */
  limits?: Partial<SupervisorLimits>
  /** Milliseconds of silence after which a running agent shows as stalled. Default: 10 minutes. */
  stalledAfter?: number
  /** The permissions of launches that set none. Default: `ask`. */
  permissions?: PermissionPreset
  /** The most that hosts, and the embedding program, may grant. Default: `accept-edits` without rules. */
  ceiling?: Authority
  /** The fate of permission requests not answered in time: kept open or denied. Default: kept open (parked) where a person launched the agent. */
  unanswered?: 'park' | 'deny'
  /** The default of the launch option `onHostExit`: whether agents continue when the client that launched them is gone. Default: `keep`. */
  onHostExit?: 'keep' | 'kill'
  /** The function that decides tool calls. Default: by the authority of the agent and the files on disk. */
  judge?: Judge
  /** Returns the routing table of a project, at each launch. Default: that of `@subagent-mcp/routing`. */
  routingOf?: Supervisor['routingOf']
  /** The user's settings on what definitions may do. Default: nothing that needs the user's consent. */
  trust?: Partial<Omit<UserTrust, 'ceiling'>>
  /** The pool settings of agents whose definition sets none. */
  poolDefaults?: PoolDefaults
  /** Deletes old agents and messages every hour. Default: keeps them. */
  retention?: RetentionLimits | undefined
  /** The tools that hosts are offered: those that they can use now, or all. Default: `usable`. */
  tools?: 'usable' | 'all'
  /** The service of orchestration mode. Default: none. */
  modeFor?: ModeService
  /** Notifies the user of agents that end or ask while no host reads it. Default: does not. */
  notify?: NotifyOptions | undefined
  /** Wakes idle sessions of a host whose agents have finished or ask. Default: does not. */
  wake?: WakeOptions | undefined
  /** Called before a defined agent is started; throws when the user's settings cannot be used. */
  checkSettings?: () => void
  /** The clock. Default: the system's. */
  clock?: Clock
  /** Receives what the runtime reports about its own work, a line at a time. Default: dropped. */
  log?: (line: string) => void
}
