import type { ServerResponse } from 'node:http'
import type { z } from 'zod'
import { parseInput, type Endpoint } from '@subagent-mcp/api'

/** An endpoint joined to what it does. */
export type Route = {
  endpoint: Endpoint
  /** @throws SubagentError for wrong input and for an order that cannot be carried out. */
  handle(input: RawInput, call: Call): Promise<Reply>
}

/** Input as it came, to be parsed by the endpoint's own schemas. */
export type RawInput = { params: unknown; query: unknown; body: unknown }

/** The request that is answered. */
export type Call = {
  /** Aborts when the client hangs up. */
  signal: AbortSignal
  lastEventId: string | undefined
  response: ServerResponse
}

/** What is to be answered, or that the handler itself writes to the response. */
export type Reply = { type: 'answer'; answer: unknown } | { type: 'streaming' }

type Schemas<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodObject> = {
  params: z.output<Params>
  query: z.output<Query>
  body: z.output<Body>
}

/** Joins an endpoint to its handler, so that the handler sees parsed input only and must give what is promised. */
export function route<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodObject,
  Answer extends z.ZodType,
>(
  endpoint: Endpoint<Params, Query, Body, Answer>,
  run: (input: Schemas<Params, Query, Body>, call: Call) => z.output<Answer> | Promise<z.output<Answer>>,
): Route {
  return {
    endpoint,
    handle: async (raw, call) => ({ type: 'answer', answer: await run(parse(endpoint, raw), call) }),
  }
}

/** The same for an endpoint whose handler writes its answer bit by bit. */
export function streamingRoute<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodObject,
>(
  endpoint: Endpoint<Params, Query, Body>,
  run: (input: Schemas<Params, Query, Body>, call: Call) => void | Promise<void>,
): Route {
  return {
    endpoint,
    handle: async (raw, call) => {
      await run(parse(endpoint, raw), call)
      return { type: 'streaming' }
    },
  }
}

function parse<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodObject>(
  { params, query, body }: Endpoint<Params, Query, Body>,
  raw: RawInput,
): Schemas<Params, Query, Body> {
  return {
    params: parseInput('the path', params, raw.params),
    query: parseInput('the query', query, raw.query),
    body: parseInput('the body', body, raw.body),
  }
}
