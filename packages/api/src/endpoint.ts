import { z } from 'zod'

/** One endpoint of the daemon's HTTP API as data: routing, parsing, OpenAPI and the typed client are derived from it. */
export type Endpoint<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodObject = z.ZodObject,
  Answer extends z.ZodType = z.ZodType,
> = {
  method: 'GET' | 'POST' | 'DELETE'
  /** The path of the endpoint, with `{name}` in place of each parameter. */
  path: string
  summary: string
  /** The HTTP status of a success: 200, or 202 where the answer comes before the work is done. */
  status: 200 | 202
  /** The content type of the answer. The client returns an answer that is not JSON as a string. */
  produces: 'application/json' | 'text/event-stream' | 'text/plain; version=0.0.4; charset=utf-8'
  params: Params
  query: Query
  body: Body
  answer: Answer
}

const nothing = z.strictObject({})

/** The defaults of an endpoint: no input, and a JSON answer. */
const defaults = {
  status: 200,
  produces: 'application/json',
  params: nothing,
  query: nothing,
  body: nothing,
} as const

/** The beginnings of endpoints, by their HTTP method. */
export const httpGetDefaults = { ...defaults, method: 'GET' } as const
export const httpPostDefaults = { ...defaults, method: 'POST' } as const
export const httpDeleteDefaults = { ...defaults, method: 'DELETE' } as const
