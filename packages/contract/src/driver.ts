import type { Failure } from './failure.js'
import type { LocalMcpServer } from './mcp-server.js'
import type { EffortTranslation, Model } from './model.js'
import type { ReasoningEffort, SessionCommand } from './session-command.js'
import type { SessionEvent } from './session-event.js'

/** The abilities of a driver. A request for a missing one is refused before the driver is called. */
export type DriverAbilities = {
  resume: boolean
  fork: boolean
  steer: boolean
  approve: boolean
  interrupt: boolean
  reset: boolean
  /** Whether the driver's `rewind` removes only the newest turns of a session; `reset` removes all. */
  rewind: boolean
  /** Whether the driver can limit a session to some of the CLI's own tools. */
  toolChoice: boolean
  /** Whether the driver can limit the model requests of a turn. */
  maxTurns: boolean
  /** Whether an agent can have MCP servers that the user has not configured. */
  ownMcpServers: boolean
  /** Confines a `read-only` session by the operating system, so that no call needs a question. */
  confines: boolean
  /** Whether the CLI can change model and effort within a session. */
  configure: boolean
  usage: boolean
  /** Whether the CLI reports what each turn costs in US dollars. */
  costs: boolean
}

/** The installation of a provider's CLI on this machine. */
export type CliStatus =
  | { installed: false; failure: Failure }
  | { installed: true; executable: string; version: string; signedIn: 'yes' | 'no' | 'unknown' }

/** The user's MCP servers in a session: none, all, or those named. */
export type SessionMcpServers = 'none' | 'inherit' | readonly string[]

/** The CLI's own tools in a session: those of `only`, without those of `without`. Names are the CLI's. */
export type SessionTools = { only?: readonly string[]; without?: readonly string[] }

/** Whether Claude reads a text as one tool name or rule: after a closing parenthesis it splits at commas and spaces. */
export function isSingleClaudeToolName(name: string): boolean {
  let depth = 0
  for (const character of name) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (depth < 0) return false
  }
  return depth === 0 && !/\)[\s,]/.test(name)
}

/**
 * The actions that a session may take without asking, strictest preset first. `read-only`: reads, and refuses
 * everything else. `ask`: reads, and asks for everything else. `accept-edits`: also edits inside its folder.
 * `full-auto`: everything.
 */
export const permissionPresets = ['read-only', 'ask', 'accept-edits', 'full-auto'] as const

export type PermissionPreset = (typeof permissionPresets)[number]

/** The settings of a session, for a driver to open it. */
export type SessionSpec = {
  /** The working folder of the session: an absolute path that exists. */
  cwd: string
  /** For a session in a private copy of a checkout: the folder of the user that `cwd` is a copy of. */
  source?: string
  /** The caller's environment variables. The driver removes those that must not reach the child process. */
  environment: Readonly<Record<string, string | undefined>>
  /** A model's id or alias, as in `Driver.models`. */
  model?: string
  effort?: ReasoningEffort
  mcp: SessionMcpServers
  /** The kinds of tool calls that need no question. Default: `ask`. */
  permissions?: PermissionPreset
  /** Makes the CLI ask for every call that it can, because the supervisor's policy decides each. */
  asksAll?: true
  /** The most authority of agents that this session launches, as a text for their environment. */
  ceiling?: string
  appendSystemPrompt?: string
  /** The provider's id of an earlier session to resume. */
  resumeSessionId?: string
  /** Resumes a copy of the session `resumeSessionId`, which itself does not change. */
  fork?: boolean
  /** The nesting depth of the session: 1 for an agent that a host launched, 2 for one that this agent launched. */
  depth?: number
  /** The CLI's own tools that the session has. Default: all. */
  tools?: SessionTools
  /** The most model requests of a turn; the turn fails with the next one. */
  maxTurns?: number
  /** Additional MCP servers by name, each as in Claude's `.mcp.json`. */
  mcpServers?: Readonly<Record<string, unknown>>
  /** Returns the server in this process that an entry of `mcpServers` describes; undefined if the entry is another program. */
  findLocalMcpServer?: (entry: unknown) => LocalMcpServer | undefined
  /** The JSON Schema of the answer of each turn. Set only if the driver's `takesSchema` accepts it. */
  outputSchema?: JsonSchema
  /** The session is not stored on disk, and cannot be resumed or read later. */
  ephemeral?: boolean
  /** The session shares its process only with sessions of the same key. */
  processKey?: string
  /** The key of the `PoolSpec` by which a pool makes the session. Drivers ignore it. */
  pool?: string
}

/** A JSON Schema (2020-12) as an object. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** Receives the events of a driver's session in order. Must not throw. */
export type SessionEventSink = (event: SessionEvent) => void

/** How to end a session: `graceful` closes stdin, then sends SIGTERM, then SIGKILL; `kill` sends only SIGKILL. */
export type SessionCloseMode = 'graceful' | 'kill'

/** A running session. Its last event is `session-closed`, exactly once. */
export type DriverSession = {
  /** Sends a command to the CLI's session. Never throws: errors come back as events. */
  send(command: SessionCommand): void
  /** Closes the session. Resolves in limited time, when no process of it is left. May be called twice. */
  close(mode: SessionCloseMode): Promise<void>
}

/**
 * The result of opening a session. `notes` list differences from the request, such as an effort that was left out.
 * `resumable` says whether this session can be resumed; default: the driver's ability. `pid` is its process, which
 * may carry other sessions too.
 */
export type SessionOpenOutcome =
  | { type: 'opened'; session: DriverSession; notes?: readonly string[]; resumable?: boolean; pid?: number }
  | { type: 'failed'; failure: Failure }

/** The models that a CLI lists, in its own order. */
export type CliModelList = { type: 'listed'; models: readonly Model[] } | { type: 'failed'; failure: Failure }

/** The adapter to one provider's CLI. It translates only: no policy, no retries, no state machine. */
export type Driver = {
  id: string
  /** Whether all sessions of the driver run in one process. */
  sharesProcess?: boolean
  abilities: DriverAbilities
  /** Returns a failure that is known without starting the CLI: not installed, or certainly not signed in. */
  preflight(environment: SessionSpec['environment']): Failure | undefined
  /** Identifies the installed CLI by its files, with another value after an upgrade; `undefined` where it cannot. */
  installation(environment: SessionSpec['environment']): string | undefined
  /** Finds out whether the CLI is installed, its version, and whether the user is signed in. Never throws. */
  probe(environment: SessionSpec['environment']): Promise<CliStatus>
  /** Lists the CLI's models. It may start the CLI, and leaves no new process behind. Never throws. */
  models(environment: SessionSpec['environment']): Promise<CliModelList>
  /** Translates an effort, as far as possible without asking the CLI. */
  effort(effort: ReasoningEffort, model: string | undefined): EffortTranslation
  /**
   * Starts a session, and resolves when it accepts a prompt. Never throws. Events come only after it resolved
   * `opened`, and none after `failed`. Aborting `signal` kills what was started.
   */
  open(spec: SessionSpec, sink: SessionEventSink, signal: AbortSignal): Promise<SessionOpenOutcome>
  /**
   * How the CLI is given another account of the user: the variable that names the folder of the account, and the variables whose
   * keys or tokens would sign in as another one. Missing where the CLI has only one account.
   */
  account?: { variable: string; signIn: RegExp }
  /** Whether the CLI itself holds the answers of a session to this schema. Missing where the CLI has no such option. */
  takesSchema?(schema: JsonSchema): boolean
  /** The command with which a person continues a session in the CLI itself. Missing where the CLI has none. */
  nativeResume?(sessionId: string): readonly string[]
  /** Ends what the driver runs besides its sessions, which are closed by then. Never rejects. */
  close?(): Promise<void>
}
