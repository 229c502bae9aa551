import {
  type SessionCloseMode,
  omitUndefined,
  type SessionEventSink,
  type Failure,
  type SessionOpenOutcome,
  type DriverSession,
  type SessionCommand,
  type SessionEvent,
} from '@subagent-mcp/contract'
import type { RpcProcess } from '../json-rpc/rpc-process.js'
import { launchAbortFailure, createExceptionFailure } from './failures.js'
import { delaySessionEvents } from './delay-events.js'
import { settlesWithin } from '../settles-within.js'
import { unlessAborted, type ProcessLease } from './shared-process.js'

export type SharedHostProcess = Partial<Pick<RpcProcess, 'pid'>> & Pick<RpcProcess, 'kill' | 'gone'>

/** An open session in a shared process. */
export type OpenSharedSession = {
  send(command: SessionCommand): void
  /** Ends the running turn of the session. Resolves when the CLI has unloaded the session. */
  unload(): Promise<void>
  /** Kills the processes that tools of the session left running. Never rejects; bounded in time. */
  endLeftovers(): Promise<void>
  /** Reports `session-closed`, and nothing after that. */
  end(failure: Failure | undefined): void
}

/** The outcome of opening a conversation in a process; `resumable` as in `SessionOpenOutcome`. */
export type OpenedConversation<Conversation> =
  | {
      type: 'opened'
      conversation: Conversation
      identity: { sessionId: string; model?: string }
      notes: readonly string[]
      resumable?: boolean
    }
  | { type: 'failed'; failure: Failure }

export type SharedSessionSteps<Host extends SharedHostProcess, Conversation> = {
  label: string
  /** Leases the process. The session releases the lease when it closes. */
  lease: () => Promise<ProcessLease<Host>>
  sink: SessionEventSink
  signal: AbortSignal
  open(host: Host): Promise<OpenedConversation<Conversation>>
  /** Unloads a conversation that was opened after the launch was aborted. */
  discard(host: Host, conversation: Conversation): void
  /** Starts the driver's side of an opened conversation. `onFault` closes the session, because it cannot continue. */
  attach(
    host: Host,
    conversation: Conversation,
    owner: { sink: SessionEventSink; onFault: (why: Failure) => void },
  ): OpenSharedSession
}

/** Opens a session in a shared process; opens it once more when that process died meanwhile. Never rejects. */
export async function openSharedSession<Host extends SharedHostProcess, Conversation>(
  parts: SharedSessionSteps<Host, Conversation>,
): Promise<SessionOpenOutcome> {
  const first = await tryToOpen(parts)
  if (first.type !== 'died') return first
  // The leased process was about to exit. By now it has, and the next lease starts a new one.
  const second = await tryToOpen(parts)
  return second.type === 'died' ? { ...second, type: 'failed' } : second
}

async function tryToOpen<Host extends SharedHostProcess, Conversation>(
  parts: SharedSessionSteps<Host, Conversation>,
): Promise<SessionOpenOutcome | { type: 'died'; failure: Failure }> {
  const lease = await parts.lease()
  if (lease.type === 'failed') return lease
  const { process: host, release } = lease
  const opening = openIn(parts, host)
  const opened = await unlessAborted(opening, parts.signal)
  if (opened === 'aborted') {
    void opening.then((late) => {
      if (late.type === 'opened') parts.discard(host, late.conversation)
    })
    await release('kill')
    return { type: 'failed', failure: launchAbortFailure }
  }
  if (opened.type === 'opened') return startSession(parts, lease, opened)
  const { failure } = opened
  const died = failure.reason === 'crashed'
  const why = died ? await host.gone : undefined
  await release('kill')
  return { type: died ? 'died' : 'failed', failure: why ?? failure }
}

async function openIn<Host extends SharedHostProcess, Conversation>(
  parts: SharedSessionSteps<Host, Conversation>,
  host: Host,
): Promise<OpenedConversation<Conversation>> {
  try {
    return await parts.open(host)
  } catch (cause) {
    return { type: 'failed', failure: createExceptionFailure(cause) }
  }
}

/** Limit for the end of a turn and the unloading of its conversation, when no other session would end with the process. */
const unloadLimitMs = 1_200

/** The same limit while the process has other sessions: on a busy machine a slow answer is no reason to end those. */
const sharedUnloadLimitMs = 8 * unloadLimitMs

function startSession<Host extends SharedHostProcess, Conversation>(
  parts: SharedSessionSteps<Host, Conversation>,
  { process: host, isShared, release }: ProcessLease<Host> & { type: 'leased' },
  { conversation, identity, notes, resumable }: OpenedConversation<Conversation> & { type: 'opened' },
): SessionOpenOutcome {
  const { pid } = host
  const held = delaySessionEvents(parts.sink)
  let fault: Failure | undefined
  const sink: SessionEventSink = (event) => held(fault ? asFailed(event, fault) : event)
  let finishing: Promise<void> | undefined
  const finish = (mode: SessionCloseMode, failure?: Failure) =>
    (finishing ??= unloadAndRelease(mode, failure))
  const unloadAndRelease = async (mode: SessionCloseMode, failure: Failure | undefined) => {
    if (await unloadsInTime(Promise.race([live.unload(), host.gone]), isShared)) {
      // A tool's process that is slow to die is no reason to kill the process that other sessions share.
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
  const live = parts.attach(host, conversation, { sink, onFault })
  sink({ type: 'session-identified', ...identity })
  void host.gone.then((why) => {
    if (finishing !== undefined) return
    finishing = release('kill')
    live.end(why)
  })
  const session: DriverSession = {
    send: (command) => {
      if (finishing === undefined) live.send(command)
    },
    close: (mode) => finish(mode),
  }
  return {
    ...{ type: 'opened', session },
    ...(notes.length > 0 && { notes }),
    ...omitUndefined({ resumable, pid }),
  }
}

/** Waits for a conversation to be unloaded, longer while other sessions need the process. */
async function unloadsInTime(unloaded: Promise<unknown>, isShared: () => boolean): Promise<boolean> {
  for (let waited = 0; waited < sharedUnloadLimitMs; waited += unloadLimitMs) {
    if (waited > 0 && !isShared()) return false
    if (await settlesWithin(unloaded, unloadLimitMs)) return true
  }
  return false
}

/** Turns the `interrupted` outcome of a turn that a fault ended into `failed`, because nobody interrupted it. */
function asFailed(event: SessionEvent, failure: Failure): SessionEvent {
  if (event.type !== 'turn-ended' || event.outcome.type !== 'interrupted') return event
  return { ...event, outcome: { type: 'failed', failure }, sessionEnds: true }
}

/** Returns the failure for the other sessions of a process that was killed because one session would not close. */
function wouldNotClose(label: string): Failure {
  return {
    reason: 'crashed',
    message: `the ${label} process was ended because another of its sessions would not close`,
    hint: 'launch the agent again, or resume it',
  }
}
