import type {
  Clock,
  CloseMode,
  EventSink,
  Failure,
  OpenOutcome,
  Session,
  SessionSpec,
} from '@subagent-mcp/contract'
import { calledOff, holdEvents, settlesWithin, type Lease } from '@subagent-mcp/driver-kit'
import type { AppServer } from './app-server.js'
import { wouldNotClose } from './classify.js'
import { createLiveThread } from './live-thread.js'
import { openThread, type OpenedThread } from './open-thread.js'
import { leaveThread } from './requests.js'

/** What a session is made of. */
export type SessionParts = {
  /** A part in the process, which the session gives back. */
  lease: () => Promise<Lease<AppServer>>
  spec: SessionSpec
  sink: EventSink
  signal: AbortSignal
  clock: Clock
  deadlineMs: number
}

type Leased = Extract<Lease<AppServer>, { type: 'leased' }>
type Opened = Extract<OpenedThread, { type: 'opened' }>

/** Opens a thread in the shared process and joins it to a conversation. */
export async function openSession(parts: SessionParts): Promise<OpenOutcome> {
  const first = await tryToOpen(parts)
  if (first.type !== 'died') return first
  // The process was on its end when we got our part in it; by now it is gone, and the next is a new one.
  const second = await tryToOpen(parts)
  return second.type === 'died' ? { ...second, type: 'failed' } : second
}

async function tryToOpen(parts: SessionParts): Promise<OpenOutcome | { type: 'died'; failure: Failure }> {
  const lease = await parts.lease()
  if (lease.type === 'failed') return lease
  const { process: server, release } = lease
  const opening = openThread(server, parts.spec)
  await settlesWithin(opening, noLimit, parts.signal)
  if (parts.signal.aborted) {
    void opening.then((late) => abandon(server, late))
    await release('kill')
    return { type: 'failed', failure: calledOff }
  }
  const opened = await opening
  if (opened.type === 'opened') return { ...startSession(parts, lease, opened), ...noted(opened.notes) }
  const { failure } = opened
  const died = failure.reason === 'crashed'
  const why = died ? await server.gone : undefined
  await release('kill')
  return { type: died ? 'died' : 'failed', failure: why ?? failure }
}

/** Each request has a limit of its own; a timer has this one. */
const noLimit = 2 ** 31 - 1

function abandon(server: AppServer, late: OpenedThread): void {
  if (late.type === 'failed') return
  const { method, params } = leaveThread(late.conversation.threadId)
  void server.request(method, params)
}

function noted(notes: readonly string[]): { notes?: readonly string[] } {
  return notes.length === 0 ? {} : { notes }
}

/** How long the end of a turn and of its thread may take, of the 2 s that a close has. */
const leaveLimitMs = 1_200

function startSession(
  parts: SessionParts,
  lease: Leased,
  opened: Opened,
): { type: 'opened'; session: Session } {
  const { process: server, release } = lease
  const { conversation, model } = opened
  const sink = holdEvents(parts.sink)
  let finishing: Promise<void> | undefined
  const finish = (mode: CloseMode, failure?: Failure) => (finishing ??= leaveAndRelease(mode, failure))
  const leaveAndRelease = async (mode: CloseMode, failure: Failure | undefined) => {
    const left = await settlesWithin(Promise.race([live.leave(), server.gone]), leaveLimitMs)
    if (!left) {
      server.kill(wouldNotClose)
      await server.gone
    }
    await release(mode)
    live.end(failure)
  }
  const live = createLiveThread(conversation, {
    ...parts,
    server,
    sink,
    onFault: (why) => void finish('kill', why),
  })
  sink({ type: 'session-identified', sessionId: conversation.threadId, model })
  void server.gone.then((why) => {
    if (finishing !== undefined) return
    finishing = release('kill')
    live.end(why)
  })
  return {
    type: 'opened',
    session: {
      send: (command) => {
        if (finishing === undefined) live.tell(command)
      },
      close: (mode) => finish(mode),
    },
  }
}
