import type { Clock, EventSink, OpenOutcome, SessionSpec } from '@subagent-mcp/contract'
import { openSharedSession, type Lease } from '@subagent-mcp/driver-kit'
import type { AgentProcess } from '../agent/agent-process.js'
import { createLiveSession } from './live-session.js'
import { openConversation } from './open-conversation.js'
import type { AcpProfile } from '../profile.js'
import { guardAgain, type ProjectGuard } from '../guards/project-guard.js'
import { closeSession } from './requests.js'
import { createTraces } from './traces.js'

/** What a session is made of. */
export type SessionParts = {
  lease: () => Promise<Lease<AgentProcess>>
  profile: AcpProfile
  guard: ProjectGuard
  spec: SessionSpec
  sink: EventSink
  signal: AbortSignal
  clock: Clock
  deadlineMs: number
}

/** Opens a session in the shared process and joins it to a conversation. */
export function openSession(parts: SessionParts): Promise<OpenOutcome> {
  const { profile, guard, spec, clock, deadlineMs, lease, sink, signal } = parts
  return openSharedSession({
    ...{ lease, sink, signal },
    label: profile.label,
    make: async (agent: AgentProcess) => {
      const made = await openConversation(agent, profile, guarded(spec, guard), signal)
      return made.type === 'failed' ? made : { ...made, notes: [...guard.notes, ...made.notes] }
    },
    drop: (agent, { sessionId }) => {
      if (agent.can.close) void agent.request(closeSession(sessionId))
      if (spec.ephemeral) profile.forget?.({ sessionId, background: [] }, spec.environment)
    },
    join: (agent, conversation, owner) => {
      const traces = createTraces(agent, profile, spec)
      const heard: EventSink = (event) => {
        traces.hear(event)
        owner.sink(event)
      }
      const forbidden = () => profile.guard && guardAgain(profile.guard, spec, guard)
      const own = { sink: heard, agent, traces, clock, deadlineMs, forbidden }
      return createLiveSession(conversation, { ...owner, ...own })
    },
  })
}

/** The project's instructions go where those of the caller go, before them. */
function guarded(spec: SessionSpec, { instructions }: ProjectGuard): SessionSpec {
  const texts = [instructions, spec.appendSystemPrompt].filter((text) => text !== undefined)
  return texts.length === 0 ? spec : { ...spec, appendSystemPrompt: texts.join('\n\n') }
}
