import {
  type CloseMode,
  defined,
  type EventSink,
  type Failure,
  type OpenOutcome,
  type Session,
  type SessionCommand,
  type SessionEvent,
} from '@subagent-mcp/contract'
import { calledOff, unexpectedFailure } from './failures.js'
import { holdEvents } from './hold-events.js'
import { settlesWithin } from '../settles-within.js'
import type { Lease } from './shared-process.js'

/** A process that carries many sessions. */
export type SharedHost = {
  /** Missing when it could not be started. */
  pid?: number | undefined
  /** Ends it under all of its sessions, which are told why. */
  kill(why: Failure): void
  /** Resolves when no process is left, with why that is; with nothing when it was stopped. */
  gone: Promise<Failure | undefined>
}

/** A conversation in a shared process. */
export type LiveSession = {
  tell(command: SessionCommand): void
  /** Ends its turn. Resolves when the process has put it away. */
  leave(): Promise<void>
  /** Ends the processes that it left running. Never rejects; bounded in time. */
  endLeftovers(): Promise<void>
  /** Says that it is over, and nothing after it. */
  end(failure: Failure | undefined): void
}

/** A conversation that was made, or why there is none; `who` is how it is identified, `resumable` as in `OpenOutcome`. */
export type MadeConversation<Conversation> =
  | {
      type: 'opened'
      conversation: Conversation
      who: { sessionId: string; model?: string }
      notes: readonly string[]
      resumable?: boolean
    }
  | { type: 'failed'; failure: Failure }

/** What a session in a shared process is made of. */
export type SharedSessionParts<Host extends SharedHost, Conversation> = {
  /** How the CLI is called in messages. */
  label: string
  /** A part in the process, which the session gives back. */
  lease: () => Promise<Lease<Host>>
  sink: EventSink
  signal: AbortSignal
  make(host: Host): Promise<MadeConversation<Conversation>>
  /** Puts away a conversation that came when nobody wanted it any more. */
  drop(host: Host, conversation: Conversation): void
  /** `onFault`: the session cannot go on. */
  join(
    host: Host,
    conversation: Conversation,
    owner: { sink: EventSink; onFault: (why: Failure) => void },
  ): LiveSession
}

/** Opens a session in a shared process. Never rejects. */
export async function openSharedSession<Host extends SharedHost, Conversation>(
  parts: SharedSessionParts<Host, Conversation>,
): Promise<OpenOutcome> {
  const first = await tryToOpen(parts)
  if (first.type !== 'died') return first
  // The process was on its end when we got our part in it; by now it is gone, and the next is a new one.
  const second = await tryToOpen(parts)
  return second.type === 'died' ? { ...second, type: 'failed' } : second
}

async function tryToOpen<Host extends SharedHost, Conversation>(
  parts: SharedSessionParts<Host, Conversation>,
): Promise<OpenOutcome | { type: 'died'; failure: Failure }> {
  const lease = await parts.lease()
  if (lease.type === 'failed') return lease
  const { process: host, release } = lease
  const making = makeIn(parts, host)
  await settlesWithin(making, noLimit, parts.signal)
  if (parts.signal.aborted) {
    void making.then((late) => {
      if (late.type === 'opened') parts.drop(host, late.conversation)
    })
    await release('kill')
    return { type: 'failed', failure: calledOff }
  }
  const made = await making
  if (made.type === 'opened') return startSession(parts, lease, made)
  const { failure } = made
  const died = failure.reason === 'crashed'
  const why = died ? await host.gone : undefined
  await release('kill')
  return { type: died ? 'died' : 'failed', failure: why ?? failure }
}

async function makeIn<Host extends SharedHost, Conversation>(
  parts: SharedSessionParts<Host, Conversation>,
  host: Host,
): Promise<MadeConversation<Conversation>> {
  try {
    return await parts.make(host)
  } catch (cause) {
    return { type: 'failed', failure: unexpectedFailure(cause) }
  }
}

/** Each request has a limit of its own; a timer has this one. */
const noLimit = 2 ** 31 - 1

/** How long the end of a turn and of its conversation may take, of the 2 s that a close has. */
const leaveLimitMs = 1_200

function startSession<Host extends SharedHost, Conversation>(
  parts: SharedSessionParts<Host, Conversation>,
  { process: host, release }: Lease<Host> & { type: 'leased' },
  { conversation, who, notes, resumable }: MadeConversation<Conversation> & { type: 'opened' },
): OpenOutcome {
  const { pid } = host
  const held = holdEvents(parts.sink)
  let fault: Failure | undefined
  const sink: EventSink = (event) => held(fault ? brokenOff(event, fault) : event)
  let finishing: Promise<void> | undefined
  const finish = (mode: CloseMode, failure?: Failure) => (finishing ??= leaveAndRelease(mode, failure))
  const leaveAndRelease = async (mode: CloseMode, failure: Failure | undefined) => {
    const left = await settlesWithin(Promise.race([live.leave(), host.gone]), leaveLimitMs)
    if (left) {
      // A process that is slow to die is no reason to end the one that others share.
      await live.endLeftovers()
    } else {
      host.kill(wouldNotClose(parts.label))
      await host.gone
    }
    await release(mode)
    live.end(failure)
  }
  const onFault = (why: Failure) => {
    fault ??= why
    void finish('kill', why)
  }
  const live = parts.join(host, conversation, { sink, onFault })
  sink({ type: 'session-identified', ...who })
  void host.gone.then((why) => {
    if (finishing !== undefined) return
    finishing = release('kill')
    live.end(why)
  })
  const session: Session = {
    send: (command) => {
      if (finishing === undefined) live.tell(command)
    },
    close: (mode) => finish(mode),
  }
  return {
    ...{ type: 'opened', session },
    ...(notes.length > 0 && { notes }),
    ...defined({ resumable, pid }),
  }
}

/** A turn that ends because its session cannot go on was not interrupted by anybody. */
function brokenOff(event: SessionEvent, failure: Failure): SessionEvent {
  if (event.type !== 'turn-ended' || event.outcome.type !== 'interrupted') return event
  return { ...event, outcome: { type: 'failed', failure }, sessionEnds: true }
}

/** What the other sessions of a process are told that had to be ended. */
function wouldNotClose(label: string): Failure {
  return {
    reason: 'crashed',
    message: `the ${label} process was ended because another of its sessions would not close`,
    hint: 'launch the agent again, or resume it',
  }
}
