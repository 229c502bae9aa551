import type { ServerResponse } from 'node:http'
import type { z } from 'zod'
import { parseInputBySchema, type Endpoint } from '@subagent-mcp/api'

export type HttpRoute = {
  endpoint: Endpoint
  /** Handles a request. @throws SubagentError for wrong input and for requests that cannot be carried out */
  handle(input: UnparsedRequestInput, call: HttpRequestContext): Promise<HttpRouteAnswer>
}

/** The unparsed parameters, query and body of an HTTP request. */
export type UnparsedRequestInput = { params: unknown; query: unknown; body: unknown }

/** The HTTP request for a route handler: its signal, headers and response. */
export type HttpRequestContext = {
  /** Aborts when the client closes the connection. */
  signal: AbortSignal
  lastEventId: string | undefined
  /** The span of the request in the trace of its client, as a `traceparent` of W3C Trace Context. */
  traceparent: string | undefined
  response: ServerResponse
}

/** The answer, or `streaming` if the handler writes to the response itself. */
export type HttpRouteAnswer = { type: 'answer'; answer: unknown } | { type: 'streaming' }

type Schemas<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodObject> = {
  params: z.output<Params>
  query: z.output<Query>
  body: z.output<Body>
}

/** Joins an endpoint to its handler: the compiler checks that the handler takes the parsed input and returns the endpoint's answer. */
export function createApiRoute<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodObject,
  Answer extends z.ZodType,
>(
  endpoint: Endpoint<Params, Query, Body, Answer>,
  run: (
    input: Schemas<Params, Query, Body>,
    call: HttpRequestContext,
  ) => z.output<Answer> | Promise<z.output<Answer>>,
): HttpRoute {
  return {
    endpoint,
    handle: async (raw, call) => ({ type: 'answer', answer: await run(parse(endpoint, raw), call) }),
  }
}

/** Joins an endpoint to a handler that streams its answer. */
export function createStreamingRoute<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodObject,
>(
  endpoint: Endpoint<Params, Query, Body>,
  run: (input: Schemas<Params, Query, Body>, call: HttpRequestContext) => void | Promise<void>,
): HttpRoute {
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
  raw: UnparsedRequestInput,
): Schemas<Params, Query, Body> {
  return {
    params: parseInputBySchema('the path', params, raw.params),
    query: parseInputBySchema('the query', query, raw.query),
    body: parseInputBySchema('the body', body, raw.body),
  }
}
