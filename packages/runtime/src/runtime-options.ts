import type { Clock, Driver, PermissionPreset } from '@subagent-mcp/contract'
import type { Environment } from '@subagent-mcp/driver-kit'
import type { SetupPort } from '@subagent-mcp/mcp-server'
import type { ToolCallJudge, NamedAccount, SupervisorLimits, Supervisor } from '@subagent-mcp/core'
import type { Mailbox } from '@subagent-mcp/mailbox'
import type { CallerPermissions } from '@subagent-mcp/permissions'
import type { ModeService } from '@subagent-mcp/orchestration'
import type { GateSettings } from './acceptance/run-gate-command.js'
import type { UserTrustSettings } from './definitions/check-definition-trust.js'
import type { PoolDefaults } from './definitions/pool-settings.js'
import type { NotifyOptions } from './notify/notify-user-of-reports.js'
import type { RetentionLimits } from './state/delete-old-agents.js'
import type { RuntimeState } from './state/runtime-state.js'
import type { IdleSessionWakeOptions } from './wake/wake-idle-sessions.js'
import type { WorkerStorageOptions } from './workers/run-worker-loops.js'
import type { WorktreeSettings } from './worktrees/agent-worktrees.js'

/** The options of `createRuntime`. Only the drivers are required. */
export type RuntimeOptions = {
  /** One driver for each provider. The runtime closes them when it is closed. */
  drivers: readonly Driver[]
  /** The storage of agents. Default: memory. `openState` opens one in a folder. */
  state?: RuntimeState
  /** The mailbox, which the runtime closes with itself. Default: in memory. */
  mailbox?: Mailbox
  /** The user's named accounts, which launches and definitions choose by name. Default: none. */
  accounts?: Readonly<Record<string, NamedAccount>>
  /** Limits on agents, such as how many run. Default: infinite, and only hosts launch agents. */
  limits?: Partial<SupervisorLimits>
  /** Milliseconds of silence after which a running agent shows as stalled. Default: 10 minutes. */
  stalledAfter?: number
  /** The permissions of launches that set none. Default: `ask`. */
  permissions?: PermissionPreset
  /** The most that hosts, and the embedding program, may grant. Default: `accept-edits` without rules. */
  ceiling?: CallerPermissions
  /**
   * Whether permission requests that expire unanswered stay open (`park`) or are denied. Default: they stay open for agents that a
   * person launched.
   */
  unanswered?: 'park' | 'deny'
  /**
   * The default of the launch option `onHostExit`: whether agents continue after the client that launched them has disconnected.
   * Default: `keep`.
   */
  onHostExit?: 'keep' | 'kill'
  /** The function that decides tool calls. Default: by the authority of the agent and the files on disk. */
  judge?: ToolCallJudge
  /** Returns the routing table of a project, at each launch. Default: that of `@subagent-mcp/routing`. */
  routingOf?: Supervisor['routingOf']
  /** The user's settings for the rights of definitions. Default: nothing that needs the user's consent. */
  trust?: Partial<Omit<UserTrustSettings, 'ceiling'>>
  /** The pool settings of agents whose definition sets none. */
  poolDefaults?: PoolDefaults
  /** Deletes old agents and messages every hour. Default: keeps them. */
  retention?: RetentionLimits | undefined
  /** The tools that hosts are offered: those that they can use now, or all. Default: `usable`. */
  tools?: 'usable' | 'all'
  /** The service of orchestration mode. Default: none. */
  modeFor?: ModeService
  /** Returns the installation as hosts of a caller see it, by its folder and environment. Default: hosts have no prompt for the setup. */
  setupFor?: (caller: { cwd: string; environment: Environment }) => SetupPort
  /** Notifies the user of agents that end or ask while no host reads their reports. Default: no notices. */
  notify?: NotifyOptions | undefined
  /** Wakes idle sessions of a host when their agents have finished or ask. Default: sessions are not woken. */
  wake?: IdleSessionWakeOptions | undefined
  /** The worktrees of agents that are launched with `isolation: 'worktree'`. Default: such launches are refused. */
  worktrees?: WorktreeSettings
  /** The commands of `accept` that check results. Default: they have ten minutes each, and none is proposed by projects. */
  checks?: GateSettings
  /** The storage and the MCP server of workers. Default: their state is in memory. */
  workers?: WorkerStorageOptions
  /** Called before a defined agent is started; throws if the user's settings are invalid. */
  checkSettings?: () => void
  /** The clock. Default: the system's. */
  clock?: Clock
  /** Receives the log lines of the runtime, one at a time. Default: they are dropped. */
  log?: (line: string) => void
}
