import { answerResult } from './call-result.js'
import { createElicitationQueue, type ElicitationQueue } from './forms/elicitation-queue.js'
import { createHostInfo, type HostInfo } from './forms/host-info.js'
import { createCallRounds, type CallRounds } from './forms/rounds.js'
import { createOffer, type OfferedLists, type ToolRights } from './offer.js'
import type { McpPort } from './ports/mcp-port.js'
import type { AskOthers } from './tasks/foreign-tasks.js'
import { createMcpTasks, type McpTasks } from './tasks/mcp-tasks.js'

/** A caller over MCP, and what it may use, whatever carries its messages. */
export type McpCaller = ToolRights & {
  port: McpPort
  /** The caller's id in the supervisor. */
  caller: string
  version: string
  /** Returns the seconds after which a host with this name gives a call up. Default: by its name alone. */
  callLimit?: (client: string | undefined) => number
  /** Asks other daemons of the user for a task that this one does not know. Default: there are none. */
  askOthers?: AskOthers
  /** Called with errors of the MCP protocol layer, such as unreadable messages; the connection stays open. */
  onProblem(error: Error): void
}

/** An open caller: what its host has declared and is offered, and the forms, rounds and tasks of its calls, which may outlive one MCP server. */
export type OpenCaller = McpCaller & {
  client: HostInfo
  offer: OfferedLists
  desk: ElicitationQueue
  rounds: CallRounds
  tasks: McpTasks
  /** Ends the forms and the tasks of the caller, because its host is gone. */
  close(): void
}

/** Opens a caller, for one connection or for several requests. */
export function openCaller(caller: McpCaller): OpenCaller {
  const { port } = caller
  const { supervisor } = port
  const client = createHostInfo()
  const desk = createElicitationQueue({ ...caller, supervisor, client })
  // A task has no call that the host could give up.
  const own = {
    caller: caller.caller,
    clientName: client.name,
    callLimit: Infinity,
    progress: () => undefined,
  }
  const tasks = createMcpTasks({
    context: { ...port, ...own },
    toolResult: (answer) => answerResult(answer, { ...port, client: client.name() }),
    ...(caller.askOthers && { askOthers: caller.askOthers }),
  })
  const close = (): void => {
    desk.close()
    tasks.close()
  }
  const rounds = createCallRounds(desk, supervisor.ids.message)
  return { ...caller, client, offer: createOffer(caller), desk, rounds, tasks, close }
}
