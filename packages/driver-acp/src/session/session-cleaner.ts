import type { Failure, SessionEvent, SessionSpec } from '@subagent-mcp/contract'
import { killListedProcesses, killTaggedProcesses, findTaggedProcesses } from '@subagent-mcp/driver-kit'
import type { AcpAgentProcess } from '../agent/agent-process.js'
import { classifyAcpRefusal } from '../classify.js'
import { mcpServerMarkVariable } from './mcp-servers.js'
import type { AcpProfile } from '../profile.js'
import { createCloseSessionRequest } from './requests.js'

/** An ACP session that a reset or close leaves, and the mark of its own MCP servers, when it has any. */
export type ReplacedAcpSession = { sessionId: string; servers: string | undefined }

/** Removes what an ACP session leaves behind: memory of the agent, processes and files. */
export type AcpSessionCleaner = {
  /** Reads each event of the session, because tools report the commands that they leave running. */
  onEvent(event: SessionEvent): void
  /** Makes the ACP agent close a session. Never rejects; returns why an ephemeral session is still open. */
  close(left: ReplacedAcpSession): Promise<Failure | undefined>
  /** Kills processes and deletes files of a session. Never rejects. */
  clear(left: ReplacedAcpSession): Promise<void>
  /** Deletes the files of a session alone, when the agent process has exited or has closed the session. */
  forget(sessionId: string): void
}

type Agent = Pick<AcpAgentProcess, 'mark' | 'pid' | 'can' | 'request' | 'isQuiet' | 'emptyLog'>

/** Creates the cleaner of a session. Files and commands are removed for ephemeral sessions only, because others may be resumed. */
export function createAcpSessionCleaner(
  agent: Agent,
  profile: AcpProfile,
  { ephemeral = false, environment }: Pick<SessionSpec, 'ephemeral' | 'environment'>,
): AcpSessionCleaner {
  const { mark, pid } = agent
  const tools = new Map<string, string>()
  let background: readonly number[] = []
  const forget = (sessionId: string) => {
    if (ephemeral) profile.forget?.({ sessionId, background }, environment)
  }
  return {
    onEvent: (event) => {
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
      const answer = await agent.request(createCloseSessionRequest(sessionId))
      const isThere = ephemeral && answer.type !== 'result' && answer.type !== 'lost'
      return isThere ? classifyAcpRefusal(profile.label, 'close a session', answer) : undefined
    },
    clear: async ({ sessionId, servers }) => {
      const ending = ephemeral ? endToolProcesses(agent, profile) : undefined
      if (servers !== undefined)
        await killTaggedProcesses({ mark, pid, name: mcpServerMarkVariable, value: servers })
      await ending
      forget(sessionId)
      background = []
    },
    forget,
  }
}

/**
 * Kills processes that tools of an agent left running, but only when none of its sessions runs a turn, because a process does not
 * tell its session. Otherwise the next quiet moment removes them.
 */
async function endToolProcesses(agent: Agent, { toolVariable }: AcpProfile): Promise<void> {
  const { mark, pid } = agent
  if (!agent.isQuiet()) return
  agent.emptyLog()
  if (toolVariable === undefined) return
  const tag = { mark, pid, ...toolVariable }
  await killListedProcesses(findTaggedProcesses(tag), tag)
}
