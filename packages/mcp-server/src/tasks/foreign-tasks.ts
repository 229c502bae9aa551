import {
  ProtocolError,
  ProtocolErrorCode,
  type Result,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { SubagentError } from '@subagent-mcp/contract'

/** A request for a task that belongs to another daemon. */
export type ForeignTaskRequest = { method: string; params: Record<string, unknown> }

/** Returns the result of the daemon that knows the task; `undefined` if none does. */
export type ForeignTaskResultFinder = (request: ForeignTaskRequest) => Promise<Result | undefined>

type Request = Pick<ServerContext['mcpReq'], 'envelope' | 'inputResponses'>

type ForeignTasks = {
  /** Returns this daemon's result, otherwise the result of another daemon that knows the task. Rejects if no daemon knows the task. */
  orAsk<Found>(
    taskId: string,
    mcpReq: Request,
    find: () => Promise<Found>,
  ): Promise<Found | { foreign: Result }>
  /** Forwards a request to the daemon that has already answered a request for the same task. */
  pass(method: string, taskId: string, mcpReq: Request): Promise<void>
}

/** Tracks which tasks belong to other daemons, which run beside this one during an update, and forwards requests to them. */
export function relayForeignTasks(askOthers: ForeignTaskResultFinder | undefined): ForeignTasks {
  const known = new Set<string>()
  const ask = (method: string, taskId: string, { envelope, inputResponses }: Request) =>
    askOthers?.({
      method,
      params: { taskId, ...(inputResponses && { inputResponses }), _meta: envelope },
    })
  return {
    orAsk: async (taskId, mcpReq, find) => {
      try {
        return await find()
      } catch (error) {
        if (!(error instanceof SubagentError)) throw error
        const result = await ask('tasks/get', taskId, mcpReq)
        if (!result) throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message)
        known.add(taskId)
        return { foreign: result }
      }
    },
    pass: async (method, taskId, mcpReq) => {
      if (known.has(taskId)) await ask(method, taskId, mcpReq)
    },
  }
}
