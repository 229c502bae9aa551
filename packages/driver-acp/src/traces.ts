import type { SessionEvent, SessionSpec } from '@subagent-mcp/contract'
import { endTagged } from '@subagent-mcp/driver-kit'
import type { AgentProcess } from './agent-process.js'
import { serversVariable } from './mcp-servers.js'
import type { AcpProfile } from './profile.js'
import { closeSession } from './requests.js'

/** A session that was left, and the mark of its own MCP servers where it has any. */
export type Left = { sessionId: string; servers: string | undefined }

/** What sessions leave behind: in the agent, as processes, on disk. */
export type Traces = {
  /** Tools say which commands they leave running. */
  hear(event: SessionEvent): void
  /** Ends and deletes what can be. Never rejects. */
  clear(left: Left): Promise<void>
  /** Only deletes; for a process that is gone, or has put the session away. */
  forget(sessionId: string): void
}

/** Of a session that is to leave nothing more than of another: that of the others may still be wanted. */
export function createTraces(
  agent: AgentProcess,
  profile: AcpProfile,
  { ephemeral = false, environment }: Pick<SessionSpec, 'ephemeral' | 'environment'>,
): Traces {
  const { mark, pid } = agent
  let background: readonly number[] = []
  const forget = (sessionId: string) => {
    if (ephemeral) profile.forget?.({ sessionId, background }, environment)
  }
  return {
    hear: (event) => {
      if (!ephemeral || event.type !== 'tool-ended') return
      const left = profile.readBackground?.(event.output)
      if (left !== undefined) background = [...background, left]
    },
    clear: async ({ sessionId, servers }) => {
      if (agent.can.close) await agent.request(closeSession(sessionId))
      if (servers !== undefined) await endTagged({ mark, pid, name: serversVariable, value: servers })
      // A process does not say whose it is, and no other session may lose what its turn has begun.
      if (ephemeral && agent.isQuiet()) {
        if (profile.toolVariable) await endTagged({ mark, pid, ...profile.toolVariable })
        agent.emptyLog()
      }
      forget(sessionId)
      background = []
    },
    forget,
  }
}
