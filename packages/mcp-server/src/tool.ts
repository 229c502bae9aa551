import type { ToolAnnotations } from '@modelcontextprotocol/server'
import { parseInput } from '@subagent-mcp/api'
import type { Agent, Ticket } from '@subagent-mcp/core'
import { z } from 'zod'
import type { McpPort } from './ports/mcp-port.js'
import type { Receipt } from './transport/receipts.js'

/** An MCP tool: its description for hosts, and its handler. */
export type Tool = {
  name: string
  description: string
  annotations: ToolAnnotations
  /** Set for tools that start agents, end others' agents or set orchestration mode: not offered to agents at the depth limit. */
  launches?: true
  /** Set for tools that wait for agents. Meanwhile the agents' permission requests can be shown to the host's user. */
  blocks?: true
  /** The JSON Schema 2020-12 of the tool's input. */
  inputSchema: () => Record<string, unknown>
  /** Parses the input and runs the tool. @throws SubagentError for bad input and for requests that cannot be carried out */
  call(input: unknown, context: ToolContext): Promise<ToolAnswer> | ToolAnswer
  /** Continues the task that an earlier request of the same call launched, instead of launching again. */
  rejoin?: (agentId: string, context: ToolContext) => Promise<ToolAnswer>
  /** Runs the tool for a host that follows MCP Tasks: returns a ticket where the tool would block, else its answer. */
  begin?: (input: unknown, context: ToolContext) => Ticket | Promise<ToolAnswer>
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
 * A tool's answer: text for a model, and data about the agents that it names. `failed`: the tool did not do what was asked.
 * `received` is called once the host has the answer, `lost` once it is known not to arrive.
 */
export type ToolAnswer = Receipt & { text: string; agents: readonly Agent[]; failed?: true }

type ToolSpec<Shape extends z.ZodRawShape> = Omit<Tool, 'inputSchema' | 'call' | 'begin'> & {
  input: z.ZodObject<Shape>
  /** Parameters whose names are clear to a model. They get no description, because each costs tokens in every prompt. */
  clear?: readonly string[]
  run(input: z.infer<z.ZodObject<Shape>>, context: ToolContext): Promise<ToolAnswer> | ToolAnswer
  begin?: (input: z.infer<z.ZodObject<Shape>>, context: ToolContext) => Ticket | Promise<ToolAnswer>
}

/** Joins a tool's schema to its handler, so that the handler sees parsed input only. */
export function defineTool<Shape extends z.ZodRawShape>(spec: ToolSpec<Shape>): Tool {
  const { input, clear = [], run, begin, ...words } = spec
  let schema: Record<string, unknown> | undefined
  return {
    ...words,
    // Made when it is asked for, and once: every host of a daemon asks.
    inputSchema: () => (schema ??= jsonSchema(input, clear)),
    call: (raw, context) => run(parseInput(spec.name, input, raw ?? {}), context),
    ...(begin && { begin: (raw, context) => begin(parseInput(spec.name, input, raw ?? {}), context) }),
  }
}

function jsonSchema(input: z.ZodType, clear: readonly string[]): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(input, {
    io: 'input',
    override: ({ jsonSchema, path }) => {
      for (const bound of bounds) Reflect.deleteProperty(jsonSchema, bound)
      if (clear.includes(String(path.at(-1)))) Reflect.deleteProperty(jsonSchema, 'description')
    },
  })
  return schema
}

/** Limits that tool schemas for hosts omit. Input is checked against them; only an error names them. */
const bounds = ['minItems', 'minLength', 'maxLength', 'minimum', 'maximum']
