import { toCallToolResult } from './call-result.js'
import { createElicitationQueue, type ElicitationQueue } from './forms/elicitation-queue.js'
import { createHostInfo, type HostInfo } from './forms/host-info.js'
import { createToolCallRounds, type ToolCallRounds } from './forms/tool-call-rounds.js'
import { createToolAndPromptLists, type ToolAndPromptLists, type CallerToolRights } from './offered-tools.js'
import type { McpPort } from './ports/mcp-port.js'
import type { ForeignTaskResultFinder } from './tasks/foreign-tasks.js'
import { createMcpTasks, type McpTasks } from './tasks/mcp-tasks.js'

/** A caller that speaks MCP, over any transport, and the tools that it may use. */
export type McpCaller = CallerToolRights & {
  port: McpPort
  caller: string
  version: string
  /** Returns the seconds after which a host with this name ends a call. Default: a table of limits by name. */
  callLimit?: (client: string | undefined) => number
  /** Asks other daemons of the user for a task that this daemon does not know. Default: there are no other daemons. */
  askOthers?: ForeignTaskResultFinder
  /** Called with errors of the MCP protocol layer, such as unreadable messages; the connection stays open. */
  onProblem(error: Error): void
}

/** An open caller: its host's declared abilities and offered lists, and the forms, rounds and tasks of its calls. It may outlive one MCP server. */
export type OpenMcpCaller = McpCaller & {
  client: HostInfo
  offer: ToolAndPromptLists
  elicitations: ElicitationQueue
  rounds: ToolCallRounds
  tasks: McpTasks
  /** Ends the forms and the tasks of the caller, because its host has disconnected. */
  close(): void
}

export function openMcpCaller(caller: McpCaller): OpenMcpCaller {
  const { port } = caller
  const { supervisor } = port
  const client = createHostInfo()
  const elicitations = createElicitationQueue({ ...caller, supervisor, client })
  // A call that became a task has returned, so the host's time limit does not apply.
  const own = {
    caller: caller.caller,
    clientName: client.name,
    callLimit: Infinity,
    progress: () => undefined,
  }
  const tasks = createMcpTasks({
    context: { ...port, ...own },
    toolResult: (answer) => toCallToolResult(answer, { ...port, client: client.name() }),
    ...(caller.askOthers && { askOthers: caller.askOthers }),
  })
  const close = (): void => {
    elicitations.close()
    tasks.close()
  }
  const rounds = createToolCallRounds(elicitations, supervisor.ids.message)
  return { ...caller, client, offer: createToolAndPromptLists(caller), elicitations, rounds, tasks, close }
}
