import type { Failure, SessionEvent, SessionSpec } from '@subagent-mcp/contract'
import { endListed, endTagged, taggedProcesses } from '@subagent-mcp/driver-kit'
import type { AgentProcess } from '../agent/agent-process.js'
import { classifyRefusal } from '../classify.js'
import { serversVariable } from './mcp-servers.js'
import type { AcpProfile } from '../profile.js'
import { closeSession } from './requests.js'

/** A session that was left, and the mark of its own MCP servers where it has any. */
export type Left = { sessionId: string; servers: string | undefined }

/** What sessions leave behind: in the agent, as processes, on disk. */
export type Traces = {
  /** Tools say which commands they leave running. */
  hear(event: SessionEvent): void
  /** Has the agent put a session away. Never rejects; says why an ephemeral one is still there. */
  close(left: Left): Promise<Failure | undefined>
  /** Ends and deletes what can be. Never rejects. */
  clear(left: Left): Promise<void>
  /** Only deletes; for a process that is gone, or has put the session away. */
  forget(sessionId: string): void
}

type Agent = Pick<AgentProcess, 'mark' | 'pid' | 'can' | 'request' | 'isQuiet' | 'emptyLog'>

/** Of a session that is to leave nothing more than of another: that of the others may still be wanted. */
export function createTraces(
  agent: Agent,
  profile: AcpProfile,
  { ephemeral = false, environment }: Pick<SessionSpec, 'ephemeral' | 'environment'>,
): Traces {
  const { mark, pid } = agent
  const tools = new Map<string, string>()
  let background: readonly number[] = []
  const forget = (sessionId: string) => {
    if (ephemeral) profile.forget?.({ sessionId, background }, environment)
  }
  return {
    hear: (event) => {
      if (!ephemeral) return
      if (event.type === 'tool-started') tools.set(event.callId, event.tool)
      if (event.type !== 'tool-ended') return
      const tool = tools.get(event.callId) ?? 'other'
      tools.delete(event.callId)
      const left = profile.readBackground?.({ tool, output: event.output })
      if (left !== undefined) background = [...background, left]
    },
    close: async ({ sessionId }) => {
      if (!agent.can.close) return undefined
      const answer = await agent.request(closeSession(sessionId))
      const isThere = ephemeral && answer.type !== 'result' && answer.type !== 'lost'
      return isThere ? classifyRefusal(profile.label, 'put a session away', answer) : undefined
    },
    clear: async ({ sessionId, servers }) => {
      const ending = ephemeral ? endToolProcesses(agent, profile) : undefined
      if (servers !== undefined) await endTagged({ mark, pid, name: serversVariable, value: servers })
      await ending
      forget(sessionId)
      background = []
    },
    forget,
  }
}

/**
 * A process does not say whose it is, and no other session may lose what its turn has begun: what is there in a quiet
 * moment was left by turns that are over, what comes while it dies was not. In no such moment it stays for the next.
 */
async function endToolProcesses(agent: Agent, { toolVariable }: AcpProfile): Promise<void> {
  const { mark, pid } = agent
  if (!agent.isQuiet()) return
  agent.emptyLog()
  if (toolVariable === undefined) return
  const tag = { mark, pid, ...toolVariable }
  await endListed(taggedProcesses(tag), tag)
}
