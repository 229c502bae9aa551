import type { Clock, EventSink, OpenOutcome, SessionSpec } from '@subagent-mcp/contract'
import { openSharedSession, type Lease } from '@subagent-mcp/driver-kit'
import type { AgentProcess } from './agent-process.js'
import { createLiveSession } from './live-session.js'
import { openConversation } from './open-conversation.js'
import type { AcpProfile } from './profile.js'
import { closeSession } from './requests.js'
import { createTraces } from './traces.js'

/** What a session is made of. */
export type SessionParts = {
  lease: () => Promise<Lease<AgentProcess>>
  profile: AcpProfile
  spec: SessionSpec
  sink: EventSink
  signal: AbortSignal
  clock: Clock
  deadlineMs: number
}

/** Opens a session in the shared process and joins it to a conversation. */
export function openSession(parts: SessionParts): Promise<OpenOutcome> {
  const { profile, spec, clock, deadlineMs, lease, sink, signal } = parts
  return openSharedSession({
    ...{ lease, sink, signal },
    label: profile.label,
    make: (agent: AgentProcess) => openConversation(agent, profile, spec, signal),
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
      return createLiveSession(conversation, { ...owner, sink: heard, agent, traces, clock, deadlineMs })
    },
  })
}
