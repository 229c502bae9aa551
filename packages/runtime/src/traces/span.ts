import type { Agent, Fact } from '@subagent-mcp/core'

/** A fact about an agent, and the agent before and after it. `before` is missing for an agent without open spans. */
export type AgentChange = { before?: Agent; after: Agent; fact: Fact }

/** Attributes of a span. Those that are `undefined` are left out. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>

/** A span that is open. `key` is unique among the open spans of its agent; `parent` is the key of the span around it. */
export type OpenSpan = {
  type: 'work' | 'queue' | 'open' | 'failover' | 'turn' | 'permission' | 'check' | 'rest' | 'tool' | 'gate'
  key: string
  parent?: string
  name: string
  /** `client`: the CLI does the work, and `internal`: this process. */
  kind: 'internal' | 'client'
  attributes: SpanAttributes
}

/** The result of a span. `error`: the reason of a failure; its `message` is only set when texts are captured. */
export type SpanResult = { attributes?: SpanAttributes; error?: { type: string; message?: string } }

/** The beginning or the end of a span. `at`: Unix milliseconds. */
export type SpanChange =
  | ({ change: 'begin'; at: number } & OpenSpan)
  | ({ change: 'end'; at: number; key: string } & SpanResult)

/** Masks and cuts a text for a span. `undefined`: spans get no prompts, answers, arguments and results. */
export type SpanTextCapture = ((text: string) => string) | undefined
