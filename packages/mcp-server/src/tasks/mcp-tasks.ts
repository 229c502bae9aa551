import {
  type CallToolResult,
  type McpServer,
  type Result,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { SubagentError } from '@subagent-mcp/contract'
import type { WaitTicket, WaitTicketView, WaitTicketPollOptions } from '@subagent-mcp/core'
import { z } from 'zod'
import { requestDeclaresForms } from '../forms/host-info.js'
import { describeAnswerOrMarkLost, type ReceiptListener } from '../transport/answer-receipts.js'
import type { McpToolAnswer, McpToolContext } from '../mcp-tool.js'
import { relayForeignTasks, type ForeignTaskResultFinder } from './foreign-tasks.js'
import { createSentTaskResults } from './sent-task-results.js'
import { createTaskForms, type TaskForms } from './task-forms.js'
import {
  createTaskCreatedAnswer,
  describeOpenTask,
  createTaskStatusAnswer,
  taskPollIntervalMs,
} from './task-result.js'

/** The MCP Tasks of one connection (extension `io.modelcontextprotocol/tasks`). Each MCP task stands for the ticket of a wait. */
export type McpTasks = {
  /** Returns the answer to a tool call that became an MCP Task: the host polls the task for its result. */
  begin(ticket: WaitTicket, mcpReq: Request): CallToolResult
  /** Registers the methods of the extension. `expectReceipt` is called before an answer with reports is sent. */
  attach(mcp: McpServer, expectReceipt: (receipt: ReceiptListener, mcpReq: Request) => void): void
  close(): void
}

type Request = ServerContext['mcpReq']

type TaskOptions = {
  context: Omit<McpToolContext, 'signal' | 'client'> & { clientName(): string | undefined }
  /** Makes the result of a tool call from a tool's answer. */
  toolResult(answer: McpToolAnswer): CallToolResult
  askOthers?: ForeignTaskResultFinder
}

/** The milliseconds without a request after which a host no longer follows a task. Hosts poll less often while requests fail. */
const leftAfter = 60_000

/** Creates the tasks of a connection. A task is followed from the host's first request for it. */
export function createMcpTasks({ context, toolResult, askOthers }: TaskOptions): McpTasks {
  const { agents, supervisor } = context
  const forms = createTaskForms(context)
  const follow = followTasks(context, forms)
  const results = createSentTaskResults()
  const foreign = relayForeignTasks(askOthers)

  return {
    begin: (ticket, mcpReq) => {
      const reader = { ...context, client: context.clientName(), signal: mcpReq.signal }
      // If two calls returned the same task, the host would show its result to the model twice.
      if (follow.isAsked(ticket.id)) return toolResult(describeOpenTask(ticket, reader))
      if (requestDeclaresForms(mcpReq.envelope)) forms.attend(ticket.id)
      follow.asked(ticket.id)
      return createTaskCreatedAnswer(ticket, reader)
    },
    attach: ({ server }, expectReceipt) => {
      server.setRequestHandler('tasks/get', { params: TaskParams }, async ({ taskId }, { mcpReq }) => {
        const found = await foreign.orAsk(taskId, mcpReq, () =>
          readTask({ context, toolResult, forms, follow }, taskId, mcpReq),
        )
        if ('foreign' in found) return found.foreign
        if (found.receipt) expectReceipt(results.track(taskId, found.receipt), mcpReq)
        return found.task
      })
      server.setRequestHandler('tasks/update', { params: TaskParams }, async ({ taskId }, { mcpReq }) => {
        forms.answer(mcpReq.inputResponses ?? {}, supervisor.clock.now())
        await foreign.pass('tasks/update', taskId, mcpReq)
        return {}
      })
      server.setRequestHandler('tasks/cancel', { params: TaskParams }, async ({ taskId }, { mcpReq }) => {
        ignoreUnknown(() => {
          agents.cancelTicket(taskId)
        })
        results.drop(taskId)
        follow.left(taskId)
        await foreign.pass('tasks/cancel', taskId, mcpReq)
        return {}
      })
    },
    close: () => {
      follow.close()
      forms.close()
    },
  }
}

const TaskParams = z.looseObject({ taskId: z.string() })

type Reading = TaskOptions & { forms: TaskForms; follow: Following }

/** Returns the answer to `tasks/get`, with the receipt of a result. @throws SubagentError for an unknown task */
async function readTask(
  { context, toolResult, forms, follow }: Reading,
  taskId: string,
  mcpReq: Request,
): Promise<{ task: Result; receipt?: ReceiptListener }> {
  const showsForms = requestDeclaresForms(mcpReq.envelope)
  if (showsForms) forms.attend(taskId)
  const look = lookAt(context, { ticketId: taskId, showsForms })
  follow[look.type === 'open' ? 'asked' : 'left'](taskId)
  const asked = look.type === 'open' ? forms.requests(taskId) : {}
  const reader = { ...context, client: context.clientName(), signal: mcpReq.signal }
  const describe = (): Promise<Result> => createTaskStatusAnswer(look, { context: reader, asked, toolResult })
  if (!('delivery' in look)) return { task: await describe() }
  return { task: await describeAnswerOrMarkLost(look.delivery, describe), receipt: look.delivery }
}

/** Looks at a ticket. Its result is held back while the host's session has reached the limit of turns that no person typed. */
function lookAt(
  { agents, untypedTurns }: TaskOptions['context'],
  look: WaitTicketPollOptions,
): WaitTicketView {
  const isHeld = untypedTurns !== undefined && untypedTurns.count() >= untypedTurns.limit
  const found = agents.ticket({ ...look, isHeld })
  if (found.type !== 'open') untypedTurns?.expect()
  return found
}

type Following = {
  asked(taskId: string): void
  /** Whether the host has recently polled the task, or its user has an open form of the task. */
  isAsked(taskId: string): boolean
  left(taskId: string): void
  close(): void
}

/**
 * Tracks which tasks the host polls. When the host stops polling a task, the task's ticket counts as abandoned, unless the user
 * has a form of the task to answer.
 */
function followTasks({ agents, supervisor }: TaskOptions['context'], forms: TaskForms): Following {
  const { clock } = supervisor
  const followed = new Map<string, { askedAt: number; cancel(): void }>()
  const hasForm = (taskId: string): boolean => Object.keys(forms.requests(taskId)).length > 0
  const stop = (taskId: string): void => {
    followed.get(taskId)?.cancel()
    followed.delete(taskId)
  }
  const follow = (taskId: string, askedAt: number): void => {
    stop(taskId)
    const look = (): void => {
      if (hasForm(taskId)) {
        follow(taskId, askedAt)
        return
      }
      agents.leaveTicket(taskId)
      followed.delete(taskId)
      forms.leave(taskId)
    }
    followed.set(taskId, { askedAt, cancel: clock.after(leftAfter, look) })
  }
  return {
    asked: (taskId) => {
      follow(taskId, clock.now())
    },
    isAsked: (taskId) => {
      const { askedAt = -Infinity } = followed.get(taskId) ?? {}
      return clock.now() - askedAt <= 5 * taskPollIntervalMs || (followed.has(taskId) && hasForm(taskId))
    },
    left: (taskId) => {
      stop(taskId)
      forms.leave(taskId)
    },
    close: () => {
      for (const taskId of followed.keys()) stop(taskId)
    },
  }
}

/** Runs an action on a task, and ignores an unknown task, because the MCP extension acknowledges cancellations of unknown tasks, too. */
function ignoreUnknown(act: () => void): void {
  try {
    act()
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
  }
}
