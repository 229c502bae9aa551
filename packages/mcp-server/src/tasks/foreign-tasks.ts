import {
  ProtocolError,
  ProtocolErrorCode,
  type Result,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { SubagentError } from '@subagent-mcp/contract'

/** A request for a task that belongs to another daemon. */
export type ForeignRequest = { method: string; params: Record<string, unknown> }

/** Returns the result of the daemon that knows the task; `undefined` where none does. */
export type AskOthers = (request: ForeignRequest) => Promise<Result | undefined>

type Request = Pick<ServerContext['mcpReq'], 'envelope' | 'inputResponses'>

type ForeignTasks = {
  /** Returns what is found here, or else the result of another daemon that knows the task. Rejects for an unknown one. */
  orAsk<Found>(taskId: string, mcpReq: Request, find: () => Found): Promise<Found | { foreign: Result }>
  /** Passes a request on to the daemon of a task of which it has given a result before. */
  pass(method: string, taskId: string, mcpReq: Request): Promise<void>
}

/** Follows which tasks belong to other daemons, which run during an update: this one answers for its owner. */
export function followForeignTasks(askOthers: AskOthers | undefined): ForeignTasks {
  const known = new Set<string>()
  const ask = (method: string, taskId: string, { envelope, inputResponses }: Request) =>
    askOthers?.({
      method,
      params: { taskId, ...(inputResponses && { inputResponses }), _meta: envelope },
    })
  return {
    orAsk: async (taskId, mcpReq, find) => {
      try {
        return find()
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
