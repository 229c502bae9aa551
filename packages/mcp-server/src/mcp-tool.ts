import type { ToolAnnotations } from '@modelcontextprotocol/server'
import { AcceptanceOptions, Budget, parseInputBySchema } from '@subagent-mcp/api'
import type { Agent, WaitTicket } from '@subagent-mcp/core'
import { z } from 'zod'
import type { McpPort } from './ports/mcp-port.js'
import type { ReceiptListener } from './transport/answer-receipts.js'

export type McpTool = {
  name: string
  description: string
  /** The description for hosts that follow MCP Tasks, where the call is not blocked. */
  taskDescription?: string
  annotations: ToolAnnotations
  /** Set for tools that start agents, end other callers' agents or set orchestration mode. Agents at the depth limit are not offered these tools. */
  launches?: true
  /** Set for tools that wait for agents. During the wait the host's user can be asked about permission requests of these agents. */
  blocks?: true
  /** The name of the tool for people. */
  title: string
  inputSchema: () => Record<string, unknown>
  outputSchema: () => Record<string, unknown>
  /** Parses the input and runs the tool. @throws SubagentError for bad input and for requests that cannot be carried out */
  call(input: unknown, context: McpToolContext): Promise<McpToolAnswer> | McpToolAnswer
  /** Continues the task that an earlier request of the same call launched, instead of launching again. */
  rejoin?: (agentId: string, context: McpToolContext) => Promise<McpToolAnswer>
  /** Runs the tool for a host that follows MCP Tasks: returns a ticket if the tool would block, otherwise its answer. */
  begin?: (input: unknown, context: McpToolContext) => WaitTicket | Promise<WaitTicket | McpToolAnswer>
}

/** The ports of the caller and the host's request, for a tool handler. */
export type McpToolContext = McpPort & {
  caller: string
  /** The MCP client name of the host. */
  client: string | undefined
  /** The seconds after which the host ends the call. */
  callLimit: number
  /** Aborts when the host cancels the call. */
  signal: AbortSignal
  /** The span of the call in the host's trace, as a `traceparent` of W3C Trace Context. */
  traceparent?: string
  /** Sends a progress message, which the host may show. `share`: how many agents of the wait are done. */
  progress(message: string, share?: WaitProgress): void
}

/** How many agents of a wait are done, out of how many. */
export type WaitProgress = { done: number; total: number }

/**
 * A tool's answer: text for a model, the same content as data for a program, and the agents that it names. `failed`: the tool did not
 * do what the call asked for. `received` is called when the host has the answer, `lost` when it is known that it will not arrive.
 */
export type McpToolAnswer<Data extends object = object> = ReceiptListener & {
  text: string
  /** Makes the structured content, for hosts that take it. */
  data: () => Data
  agents: readonly Agent[]
  failed?: true
}

type ToolSpec<Shape extends z.ZodRawShape, Data extends object> = Omit<
  McpTool,
  'inputSchema' | 'outputSchema' | 'call' | 'begin' | 'rejoin'
> & {
  input: z.ZodObject<Shape>
  output: z.ZodType<Data>
  run(
    input: z.infer<z.ZodObject<Shape>>,
    context: McpToolContext,
  ): Promise<McpToolAnswer<Data>> | McpToolAnswer<Data>
  rejoin?: (agentId: string, context: McpToolContext) => Promise<McpToolAnswer<Data>>
  begin?: (
    input: z.infer<z.ZodObject<Shape>>,
    context: McpToolContext,
  ) => WaitTicket | Promise<WaitTicket | McpToolAnswer<Data>>
}

/** Joins a tool's schema to its handler, so that the handler sees parsed input only. */
export function defineMcpTool<Shape extends z.ZodRawShape, Data extends object>(
  spec: ToolSpec<Shape, Data>,
): McpTool {
  const { input, output, run, begin, ...words } = spec
  let inputSchema: Record<string, unknown> | undefined
  let outputSchema: Record<string, unknown> | undefined
  return {
    ...words,
    // The schemas are made once, at the first request, because every host of a daemon requests them.
    inputSchema: () => (inputSchema ??= jsonSchema(input, 'input')),
    outputSchema: () => (outputSchema ??= jsonSchema(output, 'output')),
    call: (raw, context) => run(parseInputBySchema(spec.name, input, raw ?? {}), context),
    ...(begin && {
      begin: (raw, context) => begin(parseInputBySchema(spec.name, input, raw ?? {}), context),
    }),
  }
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema, ...json } = z.toJSONSchema(schema, {
    io,
    // Shared parts of a schema are written out in place, because references have long names and few parts are repeated.
    reused: 'inline',
    override: ({ zodSchema, jsonSchema }) => {
      if (io === 'input' && isDescribedInWords(zodSchema))
        for (const part of ['properties', 'additionalProperties']) Reflect.deleteProperty(jsonSchema, part)
      for (const bound of bounds) Reflect.deleteProperty(jsonSchema, bound)
      // Without `additionalProperties` an object may have further keys, too, so the word is left out.
      if (io === 'output') Reflect.deleteProperty(jsonSchema, 'additionalProperties')
    },
  })
  return json
}

/** Whether the description of an option names its parts, in place of their schemas: hosts send all schemas with every prompt. */
function isDescribedInWords(schema: z.core.$ZodType): boolean {
  return schema === AcceptanceOptions || schema === Budget
}

/** Limits that are left out of the tool schemas for hosts. Input is still checked against them, and errors name them. */
const bounds = ['minItems', 'minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum']
