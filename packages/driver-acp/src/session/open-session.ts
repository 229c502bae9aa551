import type { SessionEventSink, SessionOpenOutcome, SessionSpec } from '@subagent-mcp/contract'
import { openSharedSession, type ProcessLease, type SessionOwner } from '@subagent-mcp/driver-kit'
import type { AcpAgentProcess, AcpAgentSettings } from '../agent/agent-process.js'
import { createLiveAcpSession } from './live-session.js'
import { openAcpConversation } from './open-conversation.js'
import { recheckProjectFiles, type ProjectGuard } from '../guards/project-guard.js'
import { createCloseSessionRequest } from './requests.js'
import { createAcpSessionCleaner } from './session-cleaner.js'

export type AcpSessionOptions = AcpAgentSettings &
  SessionOwner & {
    lease: () => Promise<ProcessLease<AcpAgentProcess>>
    guard: ProjectGuard
    spec: SessionSpec
  }

export function openAcpSession(options: AcpSessionOptions): Promise<SessionOpenOutcome> {
  const { profile, guard, spec, clock, deadlineMs, lease, sink, signal } = options
  return openSharedSession({
    ...{ lease, sink, signal },
    label: profile.label,
    open: async (agent: AcpAgentProcess) => {
      const opened = await openAcpConversation(agent, profile, withInstructions(spec, guard), signal)
      if (opened.type === 'failed') return opened
      return { ...opened, notes: [...guard.notes, ...opened.notes] }
    },
    discard: (agent, { sessionId }) => {
      if (agent.can.close) void agent.request(createCloseSessionRequest(sessionId))
      if (spec.ephemeral) profile.forget?.({ sessionId, background: [] }, spec.environment)
    },
    attach: (agent, conversation, owner) => {
      const cleaner = createAcpSessionCleaner(agent, profile, spec)
      const tracked: SessionEventSink = (event) => {
        cleaner.onEvent(event)
        owner.sink(event)
      }
      const forbidden = () => profile.guard && recheckProjectFiles(profile.guard, spec, guard)
      const own = { sink: tracked, agent, cleaner, clock, deadlineMs, forbidden }
      return createLiveAcpSession(conversation, { ...owner, ...own })
    },
  })
}

/** Adds the project's instructions that the agent itself does not read, before those of the caller. */
function withInstructions(spec: SessionSpec, { instructions }: ProjectGuard): SessionSpec {
  const texts = [instructions, spec.appendSystemPrompt].filter((text) => text !== undefined)
  return texts.length === 0 ? spec : { ...spec, appendSystemPrompt: texts.join('\n\n') }
}
