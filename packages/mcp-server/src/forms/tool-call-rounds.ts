import { inputRequired, type InputRequiredResult, type ServerContext } from '@modelcontextprotocol/server'
import { SubagentError } from '@subagent-mcp/contract'
import type { ElicitationQueue, QueuedForm } from './elicitation-queue.js'
import type { McpTool, McpToolAnswer, McpToolContext } from '../mcp-tool.js'

/**
 * Tool calls of the protocol of 2026. The answer to a call may be a form for the host's user; the call continues when the host repeats
 * it with the user's answer. Each repetition is a round.
 */
export type ToolCallRounds = {
  /** Runs a tool call until its answer or its next form. @throws SubagentError of the tool, and for an unknown round */
  runRound(round: ToolCallRound): Promise<McpToolAnswer | InputRequiredResult>
}

/**
 * One request of a host for a tool call. A call takes several requests if forms are shown. `showsForms`: the answer to this
 * request may be a form.
 */
export type ToolCallRound = {
  tool: McpTool
  input: unknown
  context: McpToolContext
  showsForms: boolean
  mcpReq: Pick<ServerContext['mcpReq'], 'requestState' | 'inputResponses'>
}

/** A running tool call, which continues while its user is asked. */
type Run = { tool: McpTool; answer: Promise<McpToolAnswer>; cancel(): void }

/** A tool call that waits between two requests of the host, because its user is being asked; `forms` counts its forms. */
type Held = { run: Run; form: string; forms: number }

/** Creates the rounds of one connection. Between two requests of the host a call is kept under a key that is valid once. */
export function createToolCallRounds(queue: ElicitationQueue, newKey: () => string): ToolCallRounds {
  const between = new Map<string, Held>()

  const take = ({ tool, mcpReq }: ToolCallRound): Held | undefined => {
    const key = mcpReq.requestState<string>()
    if (key === undefined) return undefined
    const held = between.get(key)
    if (held?.run.tool === tool) {
      between.delete(key)
      return held
    }
    // A wait can be repeated without harm, but a repeated launch would start a second agent.
    if (tool.launches) throw unknownRound(tool)
    return undefined
  }
  const hold = (held: Held, { params }: QueuedForm): InputRequiredResult => {
    const { run, form } = held
    const requestState = newKey()
    between.set(requestState, held)
    // Between two rounds the tool call counts as ended. The next round waits again, also for a task that this call has launched.
    run.cancel()
    return inputRequired({ inputRequests: { [form]: inputRequired.elicit(params) }, requestState })
  }
  return {
    runRound: async (round) => {
      const { context, showsForms, mcpReq } = round
      const last = take(round)
      const forms = last?.forms ?? 0
      // The call is offered for a form before the tool looks for permission requests, because one that the user sees does not end
      // the wait.
      const slot = queue.registerCall(showsForms && forms < mostForms)
      if (last) queue.answer(last.form, mcpReq.inputResponses?.[last.form])
      else queue.takeBack()
      const run = begin(round, last?.run)
      cancelWith(context.signal, run)
      await Promise.race([run.answer.catch(() => undefined), slot.taken])
      const form = slot.leave()
      if (form && !context.signal.aborted) return hold({ run, form: form.key, forms: forms + 1 }, form)
      if (form) queue.takeBack()
      return run.answer
    },
  }
}

/** The most forms of one tool call, because hosts end a call after ten. The next question goes to the model, whose next call can ask the user again. */
const mostForms = 9

function begin({ tool, input, context }: ToolCallRound, last: Run | undefined): Run {
  const controller = new AbortController()
  const own = { ...context, signal: controller.signal }
  const answer = last && tool.rejoin ? rejoin(tool.rejoin, last, own) : call(tool, input, own)
  const run: Run = {
    tool,
    answer,
    cancel: () => {
      controller.abort()
      answer.then(
        ({ lost }) => lost?.(false),
        () => undefined,
      )
    },
  }
  // If the round ends with a form, the tool's answer is read in the next round.
  answer.catch(() => undefined)
  return run
}

/** Calls the tool; an error that it throws synchronously becomes a rejection. */
async function call(tool: McpTool, input: unknown, context: McpToolContext): Promise<McpToolAnswer> {
  return tool.call(input, context)
}

/** Continues the task that the last request of the call launched. */
async function rejoin(
  resume: NonNullable<McpTool['rejoin']>,
  last: Run,
  context: McpToolContext,
): Promise<McpToolAnswer> {
  const answer = await last.answer
  return answer.agents[0] ? resume(answer.agents[0].profile.id, context) : answer
}

function cancelWith(signal: AbortSignal, { cancel }: Run): void {
  signal.addEventListener('abort', cancel)
  if (signal.aborted) cancel()
}

function unknownRound({ name }: McpTool): SubagentError {
  return new SubagentError('invalid-parameter', `this ${name} asked nothing in this session, or has ended`, {
    hint: `call ${name} without requestState to start again; list_agents shows running agents, wait returns their results`,
  })
}
