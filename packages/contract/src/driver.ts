import type { Failure } from './failure.js'
import type { Effort, SessionCommand } from './session-command.js'
import type { SessionEvent } from './session-event.js'

/** What a driver can do, whatever the session. Asking for more is refused before the driver is called. */
export type Abilities = {
  resume: boolean
  steer: boolean
  approve: boolean
  interrupt: boolean
  reset: boolean
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

/** Everything that a driver needs to start a session. */
export type SessionSpec = {
  /** Absolute; exists. */
  cwd: string
  /** The caller's environment; the driver takes out what must not reach the child. */
  environment: Readonly<Record<string, string | undefined>>
  model?: string
  effort?: Effort
  mcp: McpChoice
  /** Text added after the CLI's own system prompt. */
  appendSystemPrompt?: string
  /** The provider's id of an earlier session to go on with. */
  resumeSessionId?: string
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

/** How opening a session ended. */
export type OpenOutcome = { type: 'opened'; session: Session } | { type: 'failed'; failure: Failure }

/** Speaks to one provider's CLI. It translates and nothing else: no policy, no retries, no state machine. */
export type Driver = {
  id: string
  abilities: Abilities
  /** What is wrong that can be seen at once, without starting the CLI: not installed, surely not signed in. */
  preflight(environment: SessionSpec['environment']): Failure | undefined
  /** What is installed, which version, signed in or not. Never throws. */
  probe(environment: SessionSpec['environment']): Promise<Probe>
  /**
   * Starts a session and waits until it takes a prompt. Never throws. No event comes before it has
   * resolved `opened`, and none at all when it `failed`. Aborting `signal` kills what was started.
   */
  open(spec: SessionSpec, sink: EventSink, signal: AbortSignal): Promise<OpenOutcome>
}
