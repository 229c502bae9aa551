import { parseErrorAnswer, type Endpoint } from '@subagent-mcp/api'
import type { z } from 'zod'

/** The fields of a body that the daemon sets for a page: its shell's folder unless the page names one, and its environment. */
type GivenByPage<Body> = Omit<Body, 'cwd' | 'environment' | 'pid'> & { cwd?: string }

/** The input of a request to an endpoint with these schemas. */
type ApiInput<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodObject> = {
  params?: z.input<Params>
  query?: z.input<Query>
  body?: GivenByPage<z.input<Body>>
}

/** Sends a request of this page to the daemon and returns the parsed answer. Throws an Error with the daemon's words. */
export type PageRequest = <
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodObject,
  Answer extends z.ZodType,
>(
  endpoint: Endpoint<Params, Query, Body, Answer>,
  input?: ApiInput<Params, Query, Body>,
) => Promise<z.output<Answer>>

/** Creates the requests of a page with the token of its session; without a token the daemon only starts sessions. */
export function createPageRequest(token: string | undefined): PageRequest {
  return async (endpoint, input = {}) => {
    const response = await openRequest(token, endpoint, input)
    const answer: unknown = await response.json()
    return endpoint.answer.parse(answer)
  }
}

/** The input of a request that is already checked. */
export type RequestInput = { params?: object; query?: object; body?: object; signal?: AbortSignal }

/** Sends a request, and resolves with the response before its body is read. Throws an Error with the daemon's words. */
export async function openRequest(
  token: string | undefined,
  { method, path }: Pick<Endpoint, 'method' | 'path'>,
  { params = {}, query = {}, body = {}, signal }: RequestInput,
): Promise<Response> {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(textOf(params, name)))
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ).toString()
  const response = await fetch(search === '' ? filled : `${filled}?${search}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(method === 'POST' && { 'content-type': 'application/json' }),
    },
    ...(method === 'POST' && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
    credentials: 'omit',
  })
  if (response.ok) return response
  const problem: unknown = await response.json().catch(() => undefined)
  if (response.status === 401) throw new Error(sessionEndedMessage)
  throw parseErrorAnswer(response.status, problem)
}

/** The message of the error for a token that is no longer valid. */
export const sessionEndedMessage = 'this page was closed, or its daemon has ended'

function textOf(values: object, name: string): string {
  const found = Object.entries(values).find(([key]) => key === name)
  return String(found?.[1] ?? '')
}
