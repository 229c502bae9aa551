import type { ToolAnnotations } from '@modelcontextprotocol/server'
import { parseInput } from '@subagent-mcp/api'
import type { Agent, WaitTicket } from '@subagent-mcp/core'
import { z } from 'zod'
import type { McpPort } from './ports/mcp-port.js'
import type { ReceiptListener } from './transport/receipts.js'

/** An MCP tool: its description for hosts, and its handler. */
export type Tool = {
  name: string
  description: string
  /** The description for hosts that follow MCP Tasks, where the call is not blocked. */
  taskDescription?: string
  annotations: ToolAnnotations
  /** Set for tools that start agents, end others' agents or set orchestration mode: not offered to agents at the depth limit. */
  launches?: true
  /** Set for tools that wait for agents. Meanwhile the agents' permission requests can be shown to the host's user. */
  blocks?: true
  /** The name that hosts show a person. */
  title: string
  /** The JSON Schema 2020-12 of the tool's input. */
  inputSchema: () => Record<string, unknown>
  /** The JSON Schema 2020-12 of the data in the tool's answer. */
  outputSchema: () => Record<string, unknown>
  /** Parses the input and runs the tool. @throws SubagentError for bad input and for requests that cannot be carried out */
  call(input: unknown, context: ToolContext): Promise<ToolAnswer> | ToolAnswer
  /** Continues the task that an earlier request of the same call launched, instead of launching again. */
  rejoin?: (agentId: string, context: ToolContext) => Promise<ToolAnswer>
  /** Runs the tool for a host that follows MCP Tasks: returns a ticket where the tool would block, else its answer. */
  begin?: (input: unknown, context: ToolContext) => WaitTicket | Promise<ToolAnswer>
}

/** The parts and the host's request that a tool handler works with. */
export type ToolContext = McpPort & {
  /** The caller's id in the supervisor. */
  caller: string
  /** The name that the host gives itself. */
  client: string | undefined
  /** The seconds after which the host gives the call up. */
  callLimit: number
  /** Aborts when the host cancels the call. */
  signal: AbortSignal
  /** Sends a progress message, which the host may show, with how many of the waited-for agents are done. */
  progress(message: string, share?: ProgressShare): void
}

/** How many of the waited-for agents are done. */
export type ProgressShare = { done: number; total: number }

/**
 * A tool's answer: text for a model, the same as data for a program, and the agents that it names. `failed`: the tool did not do
 * what was asked. `received` is called once the host has the answer, `lost` once it is known not to arrive.
 */
export type ToolAnswer<Data extends object = object> = ReceiptListener & {
  text: string
  /** Makes the data, for hosts that take it. */
  data: () => Data
  agents: readonly Agent[]
  failed?: true
}

type ToolSpec<Shape extends z.ZodRawShape, Data extends object> = Omit<
  Tool,
  'inputSchema' | 'outputSchema' | 'call' | 'begin' | 'rejoin'
> & {
  input: z.ZodObject<Shape>
  output: z.ZodType<Data>
  run(input: z.infer<z.ZodObject<Shape>>, context: ToolContext): Promise<ToolAnswer<Data>> | ToolAnswer<Data>
  rejoin?: (agentId: string, context: ToolContext) => Promise<ToolAnswer<Data>>
  begin?: (input: z.infer<z.ZodObject<Shape>>, context: ToolContext) => WaitTicket | Promise<ToolAnswer<Data>>
}

/** Joins a tool's schema to its handler, so that the handler sees parsed input only. */
export function defineTool<Shape extends z.ZodRawShape, Data extends object>(
  spec: ToolSpec<Shape, Data>,
): Tool {
  const { input, output, run, begin, ...words } = spec
  let inputSchema: Record<string, unknown> | undefined
  let outputSchema: Record<string, unknown> | undefined
  return {
    ...words,
    // Made when they are asked for, and once: every host of a daemon asks.
    inputSchema: () => (inputSchema ??= jsonSchema(input, 'input')),
    outputSchema: () => (outputSchema ??= jsonSchema(output, 'output')),
    call: (raw, context) => run(parseInput(spec.name, input, raw ?? {}), context),
    ...(begin && { begin: (raw, context) => begin(parseInput(spec.name, input, raw ?? {}), context) }),
  }
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema, ...json } = z.toJSONSchema(schema, {
    io,
    // Definitions of shared parts have long names, and no part is in one schema often.
    reused: 'inline',
    override: ({ jsonSchema }) => {
      for (const bound of bounds) Reflect.deleteProperty(jsonSchema, bound)
      // An object of an answer may have further keys, as it may without this word.
      if (io === 'output') Reflect.deleteProperty(jsonSchema, 'additionalProperties')
    },
  })
  return json
}

/** Limits that tool schemas for hosts omit. Input is checked against them; only an error names them. */
const bounds = ['minItems', 'minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum']
