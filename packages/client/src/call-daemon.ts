import { SubagentError } from '@subagent-mcp/contract'
import { request, type Agent, type IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { type Endpoint, parseErrorAnswer } from '@subagent-mcp/api'
import { checkTrustedPath } from './trusted-path.js'

export type DaemonAddress = { socketPath: string; headers: Readonly<Record<string, string>> }

/** The input of a daemon request; the daemon checks it. */
export type DaemonCallInput = {
  params?: Readonly<Record<string, string>>
  query?: Readonly<Record<string, string | number | undefined>>
  body?: object
  signal?: AbortSignal | undefined
  /** The HTTP agent, which may keep connections open. Default: one connection for each request. */
  agent?: Agent
  /** Called with the headers of each informational (1xx) response of the daemon. */
  onInformation?: (headers: IncomingMessage['headers']) => void
}

/**
 * Sends one request to the daemon and returns the parsed answer. @throws SubagentError `daemon-unreachable` when no daemon
 * answers, `io-failed` for a socket that another user can have made, else the code that the daemon returned
 */
export async function callDaemon<ApiAnswer extends z.ZodType>(
  daemon: DaemonAddress,
  endpoint: Pick<Endpoint, 'method' | 'path'> & { answer: ApiAnswer },
  input: DaemonCallInput,
): Promise<z.output<ApiAnswer>> {
  const response = await openDaemonRequest(daemon, endpoint, input)
  const parsed = endpoint.answer.safeParse(parseJson(await readText(response)))
  if (parsed.success) return parsed.data
  const message = `not understood: the daemon's answer to ${endpoint.method} ${endpoint.path}`
  throw new SubagentError('daemon-failed', message, { cause: parsed.error })
}

/** Sends a request to the daemon; resolves with the response head, before the body is read. @throws SubagentError for an error response */
export async function openDaemonRequest(
  daemon: DaemonAddress,
  { method, path }: Pick<Endpoint, 'method' | 'path'>,
  input: DaemonCallInput,
): Promise<IncomingMessage> {
  checkTrustedPath(daemon.socketPath)
  const response = await send(daemon, { method, path: fillPath(path, input) }, input)
  const { statusCode = 0 } = response
  if (statusCode < 300) return response
  throw parseErrorAnswer(statusCode, parseJson(await readText(response)))
}

function fillPath(path: string, { params = {}, query = {} }: DaemonCallInput): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return search.size > 0 ? `${filled}?${search.toString()}` : filled
}

function send(
  { socketPath, headers }: DaemonAddress,
  { method, path }: { method: string; path: string },
  { body = {}, signal, agent, onInformation }: DaemonCallInput,
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

export function readHttpResponseText(response: IncomingMessage): AsyncIterable<string> {
  response.setEncoding('utf8')
  return response
}

async function readText(response: IncomingMessage): Promise<string> {
  const pieces: string[] = []
  try {
    for await (const piece of readHttpResponseText(response)) pieces.push(piece)
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

/** Parses JSON; other text, such as metrics, is returned as it is. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON: the answer's schema decides whether a text is right.
    return text
  }
}
