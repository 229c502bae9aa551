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
import type { AgentProcess } from './agent-process.js'
import { createLiveSession } from './live-session.js'
import { openConversation, type OpenedConversation } from './open-conversation.js'
import type { AcpProfile } from './profile.js'
import { closeSession } from './requests.js'

/** What a session is made of. */
export type SessionParts = {
  /** A part in the process, which the session gives back. */
  lease: () => Promise<Lease<AgentProcess>>
  profile: AcpProfile
  spec: SessionSpec
  sink: EventSink
  signal: AbortSignal
  clock: Clock
  deadlineMs: number
}

type Leased = Extract<Lease<AgentProcess>, { type: 'leased' }>
type Opened = Extract<OpenedConversation, { type: 'opened' }>

/** Opens a session in the shared process and joins it to a conversation. */
export async function openSession(parts: SessionParts): Promise<OpenOutcome> {
  const first = await tryToOpen(parts)
  if (first.type !== 'died') return first
  // The process was on its end when we got our part in it; by now it is gone, and the next is a new one.
  const second = await tryToOpen(parts)
  return second.type === 'died' ? { ...second, type: 'failed' } : second
}

async function tryToOpen(parts: SessionParts): Promise<OpenOutcome | { type: 'died'; failure: Failure }> {
  const { profile, spec, signal } = parts
  const lease = await parts.lease()
  if (lease.type === 'failed') return lease
  const { process: agent, release } = lease
  const opening = openConversation(agent, profile, spec)
  await settlesWithin(opening, noLimit, signal)
  if (signal.aborted) {
    void opening.then((late) => putAway(agent, late))
    await release('kill')
    return { type: 'failed', failure: calledOff }
  }
  const opened = await opening
  if (opened.type === 'opened') return startSession(parts, lease, opened)
  const { failure } = opened
  const died = failure.reason === 'crashed'
  const why = died ? await agent.gone : undefined
  await release('kill')
  return { type: died ? 'died' : 'failed', failure: why ?? failure }
}

/** Each request has a limit of its own; a timer has this one. */
const noLimit = 2 ** 31 - 1

function putAway(agent: AgentProcess, late: OpenedConversation): void {
  if (late.type === 'opened' && agent.can.close) void agent.request(closeSession(late.conversation.sessionId))
}

/** How long the end of a turn may take, of the 2 s that a close has. */
const leaveLimitMs = 1_500

function startSession(parts: SessionParts, lease: Leased, opened: Opened): OpenOutcome {
  const { profile } = parts
  const { process: agent, release } = lease
  const { conversation, notes } = opened
  const { sessionId, choices } = conversation
  const sink = holdEvents(parts.sink)
  let finishing: Promise<void> | undefined
  const finish = (mode: CloseMode, failure?: Failure) => (finishing ??= leaveAndRelease(mode, failure))
  const leaveAndRelease = async (mode: CloseMode, failure: Failure | undefined) => {
    const left = await settlesWithin(Promise.race([live.leave(), agent.gone]), leaveLimitMs)
    if (!left) {
      agent.kill(wouldNotStop(profile))
      await agent.gone
    }
    await release(mode)
    live.end(failure)
  }
  const live = createLiveSession(conversation, {
    ...parts,
    agent,
    sink,
    onFault: (why) => void finish('kill', why),
  })
  sink({
    type: 'session-identified',
    sessionId,
    ...(choices.model !== undefined && { model: choices.model }),
  })
  void agent.gone.then((why) => {
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
  return { type: 'opened', session, ...(notes.length > 0 && { notes }) }
}

/** What the other sessions of a process are told that had to be ended. */
function wouldNotStop({ label }: AcpProfile): Failure {
  return {
    reason: 'crashed',
    message: `the ${label} process was ended because another of its sessions would not stop`,
    hint: 'launch the agent again, or resume it',
  }
}
