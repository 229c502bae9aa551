import type { Failure } from './failure.js'
import type { EffortChoice, Model } from './model.js'
import type { Effort, SessionCommand } from './session-command.js'
import type { SessionEvent } from './session-event.js'

/** What a driver can do, whatever the session. Asking for more is refused before the driver is called. */
export type Abilities = {
  resume: boolean
  fork: boolean
  steer: boolean
  approve: boolean
  interrupt: boolean
  reset: boolean
  /** Forgets the newest turns alone, where `reset` forgets all. */
  rewind: boolean
  /** Gives a session some of the CLI's own tools only. */
  toolChoice: boolean
  /** Limits the model requests of a turn. */
  maxTurns: boolean
  /** Gives a session MCP servers that the user has not set up. */
  ownMcpServers: boolean
  /** Keeps a `read-only` session from changing anything by the system, so that nothing need be asked. */
  confines: boolean
  /** Switches model and effort inside a session. */
  configure: boolean
  usage: boolean
}

/** What the machine has of a provider. */
export type Probe =
  | { installed: false; failure: Failure }
  | { installed: true; executable: string; version: string; signedIn: 'yes' | 'no' | 'unknown' }

/** Which MCP servers of the user's a session gets: none, all the user has, or those named. */
export type McpChoice = 'none' | 'inherit' | readonly string[]

/** Which of the CLI's own tools a session has, in the CLI's own words: those of `only`, less those of `without`. */
export type ToolChoice = { only?: readonly string[]; without?: readonly string[] }

/**
 * How much a session may do without asking its owner, who may answer at once by a policy; first the one that lets least
 * pass. `ask`: it may read, all else asks. `accept-edits`: it may edit inside its folder too. `read-only` refuses what
 * `ask` would ask for; `full-auto` asks for nothing.
 */
export const permissionPresets = ['read-only', 'ask', 'accept-edits', 'full-auto'] as const

/** One of these. */
export type PermissionPreset = (typeof permissionPresets)[number]

/** Everything that a driver needs to start a session. */
export type SessionSpec = {
  /** Absolute; exists. */
  cwd: string
  /** The caller's environment; the driver takes out what must not reach the child. */
  environment: Readonly<Record<string, string | undefined>>
  /** A model's id or alias, as in `Driver.models`. */
  model?: string
  effort?: Effort
  mcp: McpChoice
  /** `ask` unless given. */
  permissions?: PermissionPreset
  /**
   * Asks for every call for which the CLI can be made to ask, whatever the preset and the user's own settings let pass:
   * its owner's rules decide on each.
   */
  asksAll?: true
  /** What the agents that it launches may have at most, as the text that they bring back in their environment. */
  ceiling?: string
  /** Text added after the CLI's own system prompt. */
  appendSystemPrompt?: string
  /** The provider's id of an earlier session to go on with. */
  resumeSessionId?: string
  /** Goes on in a copy of that session, which itself stays as it is. */
  fork?: boolean
  /** How many sessions of ours this one is inside: 1 for an agent that a host launched, more for an agent's agent. */
  depth?: number
  /** All tools unless given. */
  tools?: ToolChoice
  /** The model requests that a turn may take; it fails with the next one. */
  maxTurns?: number
  /** MCP servers of this session alone, by name, each in the format of Claude's `.mcp.json`. */
  mcpServers?: Readonly<Record<string, unknown>>
  /** Nothing of it is kept on disk: it cannot be resumed, and no later session can read it. */
  ephemeral?: boolean
  /** Shares a process only with sessions of the same key. */
  processKey?: string
  /** The key of the recipe by which a pool makes it. Drivers need not look. */
  pool?: string
}

/** Where a session's events go. Called in order; must not throw. */
export type EventSink = (event: SessionEvent) => void

/** How a session is ended: `graceful` goes stdin end, TERM, KILL; `kill` goes straight to KILL. */
export type CloseMode = 'graceful' | 'kill'

/** A running session. Its last event is `session-closed`, exactly once. */
export type Session = {
  /** Never throws: what goes wrong comes back as an event. */
  send(command: SessionCommand): void
  /** Resolves when no process of the session is left. Idempotent, bounded in time, never rejects. */
  close(mode: CloseMode): Promise<void>
}

/**
 * How opening a session ended. `notes` say what is not as it was asked for, as an effort that was left out;
 * `resumable` whether this very session can be opened again, where the driver's abilities do not say it for all; `pid`
 * is that of its process, which may carry other sessions too.
 */
export type OpenOutcome =
  | { type: 'opened'; session: Session; notes?: readonly string[]; resumable?: boolean; pid?: number }
  | { type: 'failed'; failure: Failure }

/** What a CLI says it can run, in its own order. */
export type ModelList = { type: 'listed'; models: readonly Model[] } | { type: 'failed'; failure: Failure }

/** Speaks to one provider's CLI. It translates and nothing else: no policy, no retries, no state machine. */
export type Driver = {
  id: string
  /** Whether its sessions are in one process. */
  sharesProcess?: boolean
  abilities: Abilities
  /** What is wrong that can be seen at once, without starting the CLI: not installed, surely not signed in. */
  preflight(environment: SessionSpec['environment']): Failure | undefined
  /**
   * Names the installed CLI: another name after an upgrade. Looks at files alone; `undefined` when there is none, or
   * when it cannot be told.
   */
  installation(environment: SessionSpec['environment']): string | undefined
  /** What is installed, which version, signed in or not. Never throws. */
  probe(environment: SessionSpec['environment']): Promise<Probe>
  /** What the CLI itself lists. May start it; leaves no process behind that was not there. Never throws. */
  models(environment: SessionSpec['environment']): Promise<ModelList>
  /** What becomes of an effort, as far as can be said without asking the CLI. */
  effort(effort: Effort, model: string | undefined): EffortChoice
  /**
   * Starts a session and waits until it takes a prompt. Never throws. No event comes before it has
   * resolved `opened`, and none at all when it `failed`. Aborting `signal` kills what was started.
   */
  open(spec: SessionSpec, sink: EventSink, signal: AbortSignal): Promise<OpenOutcome>
  /** The command with which a person goes on with a session in the CLI itself; without it the CLI has none. */
  nativeResume?(sessionId: string): readonly string[]
  /** Ends what the driver itself keeps running beside its sessions, which are closed by then. Never rejects. */
  close?(): Promise<void>
}
