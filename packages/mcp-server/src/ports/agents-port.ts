import type { LaunchOptions, PooledAgent, PooledProcess } from '@subagent-mcp/api'
import type { JsonSchema } from '@subagent-mcp/contract'
import type {
  Agent,
  PermissionAnswerOptions,
  ReportDelivery,
  LaunchResult,
  MessageOptions,
  MessageResult,
  AgentWithNewReports,
  PendingApproval,
  TaskResult,
  WaitTicket,
  WaitTicketView,
  WaitTicketPollOptions,
  WaitTicketQuery,
  ReportWaitResult,
} from '@subagent-mcp/core'

/**
 * The operations of one caller on agents. Each takes an agent's id, or its name in the caller's project. If several agents have the
 * name, it stands for the only one that has not ended; otherwise it is refused. A caller inside an agent session can name only its own
 * agents. Every method @throws SubagentError for a request that cannot be carried out
 */
export type AgentsPort = {
  /** Launches an agent: from the definition that `agent` names, or from the options alone. Resolves before its process is up. */
  launch(options: TracedLaunchOptions): Promise<LaunchResult>
  /** Launches a task of a defined agent in a pooled process. A host that repeats a running task gets that task again. */
  startTask(options: TaskOptions): Promise<LaunchResult>
  /** Waits until a task is over or asks for permission. Aborting the signal leaves the task running. */
  taskResult(agentId: string, options: TaskWaitOptions): Promise<TaskWithReports>
  find(agentId: string): Agent
  /** The caller's agents, the oldest launch first. */
  list(): readonly Agent[]
  /** Sends a message, which starts the agent's next turn; `steer` puts it into the running turn, `budget` replaces the agent's. */
  send(message: Omit<MessageOptions, 'caller'>): MessageResult
  /** Answers a permission request of an agent, the oldest one without a request id, and returns it. */
  answer(answer: PermissionAnswer): PendingApproval
  /** Waits until there are reports. The same reports are returned again until it is known that they have arrived. */
  wait(query: ReportWaitQuery): Promise<ReportWaitResult>
  /** Opens a ticket for a wait that outlives its call, or returns the open one; `undefined` where the wait would end immediately. */
  openTicket(query: WaitTicketQuery): WaitTicket | undefined
  /**
   * Looks at a ticket. With `showsForms` the caller's user is asked about permission requests of its agents. @throws SubagentError
   * for an unknown ticket
   */
  ticket(look: WaitTicketPollOptions): WaitTicketView
  /** Records that the caller no longer polls a ticket, so that its reports are announced in other ways. */
  leaveTicket(ticketId: string): void
  /** Ends a ticket without taking reports; its agents continue. @throws SubagentError for an unknown ticket */
  cancelTicket(ticketId: string): void
  /** Kills an agent; resolves when none of its processes is left. A name that several agents have is refused. */
  kill(agentId: string): Promise<Agent>
} & DefinedAgents

/** The agents that the definitions of the caller's project and user describe. */
export type DefinedAgents = {
  /** Returns all definitions, including unusable ones, with their pooled processes. */
  definitions(): readonly PooledAgent[]
  /** Calls `listener` soon after the files of definitions have changed, until the returned function is called. */
  onDefinitionsChange(listener: () => void): () => void
  /** Starts a pooled process of an agent unless one is idle. @throws SubagentError also for errors of the CLI */
  warm(name: string, options: WarmUpOptions): Promise<PooledProcess>
  /** Ends all processes of an agent, with their running tasks. Resolves with the number of processes. */
  reset(name: string): Promise<number>
}

/** Launch options, with the span of the request in the trace of its host as a `traceparent` of W3C Trace Context. */
export type TracedLaunchOptions = LaunchOptions & { traceparent?: string }

/** A task for a defined agent. `timeoutMs` and `outputSchema` replace those of the definition. */
export type TaskOptions = {
  agent: string
  task: string
  files?: readonly string[]
  cwd?: string
  timeoutMs?: number
  outputSchema?: JsonSchema
  traceparent?: string
}

/** Options of waiting for a task. With `answersQuestions` its permission requests do not end the wait, because the caller answers them. */
export type TaskWaitOptions = { signal: AbortSignal; answersQuestions?: boolean }

/** The result of a task with its unread reports, and the functions that note whether they arrived. */
export type TaskWithReports = TaskResult & ReportDelivery & { news: AgentWithNewReports }

/** The caller's answer to a permission request; `who` is the name of the caller in the audit log. */
export type PermissionAnswer = Omit<PermissionAnswerOptions, 'caller'>

/** The agents of a wait: the named ones, by default all agents of the caller. `timeout` is in milliseconds. */
export type ReportWaitQuery = {
  agentIds?: readonly string[]
  until: 'any' | 'all'
  timeout: number
  signal: AbortSignal
}

/** With `cache`, the new process runs one short turn, so that the provider has the prompt in its cache. */
export type WarmUpOptions = { cwd: string | undefined; cache: boolean; signal: AbortSignal }
