import {
  createLaunchOptionRuleCheck,
  launchOptions,
  parseInputBySchema,
  type AgentStatus,
  type LaunchOptions,
} from '@subagent-mcp/api'
import { omitUndefined, type ToolApprovalDecision, type Failure } from '@subagent-mcp/contract'
import {
  findAgentFailure,
  parseTurnAnswer,
  computeAgentStatus,
  listOpenQuestions,
  loadCurrentTurnText,
  type Agent,
  type MessageResult,
  type PendingApproval,
  type Supervisor,
} from '@subagent-mcp/core'
import type { AgentsPort } from '@subagent-mcp/mcp-server'
import { z } from 'zod'
import { waitForAgents } from './agents/wait-for-agents.js'
import type { ClientInfo, Connection } from './callers/connection.js'

/** An agent that the embedding program has launched. */
export type AgentHandle = {
  id: string
  /** Returns the agent's current state. The returned object is never changed; later calls return a new one. */
  state(): Agent
  /** Waits until the agent's turn has ended, or the agent asks for permission. Rejects when `signal` aborts. */
  result(options?: { signal?: AbortSignal }): Promise<AgentResult>
  /**
   * Sends a message, which starts the agent's next turn; `steer` puts it into the running turn, `files` are attached to it.
   * @throws SubagentError
   */
  send(text: string, options?: { steer?: boolean; files?: readonly string[] }): MessageResult
  /** Answers a permission request of the agent: the one with `requestId`, by default the oldest one. @throws SubagentError */
  answer(decision: ToolApprovalDecision, options?: { requestId?: string; reason?: string }): void
  /** Kills the agent; resolves when none of its processes is left. */
  kill(): Promise<void>
}

/** The result of a wait for an agent. `text` is the answer of the agent's last turn, or its text so far if the turn asks for permission. */
export type AgentResult = {
  status: AgentStatus
  text: string
  /** The answer as data, for a launch with `outputSchema` whose last turn has completed. */
  value?: unknown
  failure?: Failure
  /** The tool calls of the agent that wait for a call of `answer`. */
  questions: readonly PendingApproval[]
}

/** The schema of launch options, with the rules between them. */
const AgentOptions = z
  .strictObject(launchOptions)
  .superRefine(createLaunchOptionRuleCheck((option) => option))
export type AgentHandleOptions = LaunchOptions
export type AgentLauncher = (options: AgentHandleOptions) => Promise<AgentHandle>

type LauncherParts = {
  connect: (client: ClientInfo) => Connection
  supervisor: Supervisor
  stalledAfter: number
}

/** Creates the launcher for a program that embeds the runtime. It connects as one caller at its first launch. */
export function createAgentLauncher(parts: LauncherParts): { launch: AgentLauncher; disconnect(): void } {
  let connection: Connection | undefined
  const launchNow = async (options: AgentHandleOptions): Promise<AgentHandle> => {
    const parsed = parseInputBySchema('launch', AgentOptions, options)
    const self = { cwd: process.cwd(), environment: process.env, pid: process.pid, terminal: true } as const
    connection ??= parts.connect(self)
    const { agents } = connection.port
    const { agent } = await agents.launch(parsed)
    return handleOf(agent.profile.id, { ...parts, agents })
  }
  return {
    launch: launchNow,
    disconnect: () => {
      connection?.disconnect()
    },
  }
}

function handleOf(id: string, parts: LauncherParts & { agents: AgentsPort }): AgentHandle {
  const { agents, supervisor } = parts
  const state = (): Agent => agents.find(id)
  return {
    id,
    state,
    result: async ({ signal } = {}) => {
      await waitForAgents(supervisor, { agentIds: [id], until: 'all', ...(signal && { signal }) })
      signal?.throwIfAborted()
      return resultOf(state(), parts)
    },
    send: (text, { steer = false, ...files } = {}) => agents.send({ agentId: id, text, steer, ...files }),
    answer: (decision, options) => {
      agents.answer({ agentId: id, decision, ...options, by: 'http', who: 'the embedding program' })
    },
    kill: async () => {
      await agents.kill(id)
    },
  }
}

function resultOf(agent: Agent, { supervisor, stalledAfter }: LauncherParts): AgentResult {
  const failure = findAgentFailure(agent)
  return {
    status: computeAgentStatus(agent, { now: supervisor.clock.now(), stalledAfter }),
    text: loadCurrentTurnText(supervisor, agent),
    ...omitUndefined({ value: parseTurnAnswer(supervisor, agent, agent.turns.at(-1)) }),
    ...(failure && { failure }),
    questions: listOpenQuestions(agent),
  }
}
