import { SubagentError } from '@subagent-mcp/contract'
import { request, type Agent, type IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { type Endpoint, readError } from '@subagent-mcp/api'
import { checkOwnPlace } from './own-place.js'

/** What is sent. The daemon checks it. */
export type CallInput = {
  params?: Readonly<Record<string, string>>
  query?: Readonly<Record<string, string | number | undefined>>
  body?: object
  headers?: Readonly<Record<string, string>>
  signal?: AbortSignal | undefined
  /** Keeps connections for the next call; without it each has one of its own. */
  agent?: Agent
  /** Called for what comes before the answer. */
  onInformation?: (headers: IncomingMessage['headers']) => void
}

/**
 * Asks the daemon one thing.
 * @throws SubagentError `daemon-unreachable` when none answers, `io-failed` for a socket that another user can have made,
 *   else the code that the daemon gave
 */
export async function call<Answer extends z.ZodType>(
  socketPath: string,
  endpoint: Pick<Endpoint, 'method' | 'path'> & { answer: Answer },
  input: CallInput,
): Promise<z.output<Answer>> {
  const response = await openCall(socketPath, endpoint, input)
  const parsed = endpoint.answer.safeParse(parseJson(await readText(response)))
  if (parsed.success) return parsed.data
  const message = `not understood: the daemon's answer to ${endpoint.method} ${endpoint.path}`
  throw new SubagentError('daemon-failed', message, { cause: parsed.error })
}

/** The same, up to the head of an answer that went well: its body is still to be read. */
export async function openCall(
  socketPath: string,
  { method, path }: Pick<Endpoint, 'method' | 'path'>,
  input: CallInput,
): Promise<IncomingMessage> {
  checkOwnPlace(socketPath)
  const response = await send(socketPath, { method, path: fillPath(path, input) }, input)
  const { statusCode = 0 } = response
  if (statusCode < 300) return response
  throw readError(statusCode, parseJson(await readText(response)))
}

function fillPath(path: string, { params = {}, query = {} }: CallInput): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return search.size > 0 ? `${filled}?${search.toString()}` : filled
}

function send(
  socketPath: string,
  { method, path }: { method: string; path: string },
  { body = {}, headers, signal, agent, onInformation }: CallInput,
): Promise<IncomingMessage> {
  const text = method === 'POST' ? JSON.stringify(body) : undefined
  const type = text !== undefined && { 'content-type': 'application/json' }
  const options = {
    socketPath,
    method,
    path,
    agent: agent ?? false,
    headers: { ...headers, ...type },
    signal,
  }
  return new Promise((resolve, reject) => {
    const sent = request(options, resolve)
    if (onInformation)
      sent.on('information', (information) => {
        onInformation(information.headers)
      })
    sent.once('error', (cause) => {
      reject(signal?.aborted ? cause : unreachable(cause))
    })
    sent.end(text)
  })
}

/** What an answer says, as it comes. */
export function textOf(response: IncomingMessage): AsyncIterable<string> {
  response.setEncoding('utf8')
  return response
}

async function readText(response: IncomingMessage): Promise<string> {
  const pieces: string[] = []
  try {
    for await (const piece of textOf(response)) pieces.push(piece)
  } catch (cause) {
    throw unreachable(cause)
  }
  return pieces.join('')
}

function unreachable(cause: unknown): SubagentError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const hint = 'subagent-mcp daemon status says more'
  return new SubagentError('daemon-unreachable', `the daemon does not answer: ${reason}`, { hint, cause })
}

/** JSON, or the text itself, as metrics are. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON: the answer's schema decides whether a text is right.
    return text
  }
}
