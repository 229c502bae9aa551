import type { IncomingHttpHeaders } from 'node:http'
import type { Dialect } from './dialects/dialect.js'
import type { Ending } from './play-reply.js'

/** One request as it arrived. */
export type LoggedRequest = {
  /** The model API of the request; undefined when no API has its path. */
  dialect: Dialect['name'] | undefined
  /** `structured`: a CLI's side question, answered by its schema. `other`: greetings, lists, unknown paths. */
  kind: 'turn' | 'structured' | 'count-tokens' | 'unreadable' | 'other'
  method: string
  path: string
  /** The headers of the request. Secrets are replaced by `redacted`. */
  headers: IncomingHttpHeaders
  /** The body of the request, byte for byte. */
  bodyText: string
  /** The parsed body of the request; undefined when it is not JSON. */
  body: unknown
  /** The newest text that the user typed, without what the CLI put around it. */
  userText: string | undefined
  /** The text that a prompt cache compares: tools, instructions, then messages. */
  prompt: string | undefined
  /** When the request arrived, in Unix milliseconds. */
  receivedAt: number
  /** Resolves when nothing more of the reply is sent. */
  ended: Promise<Ending>
}

/** All requests to the model server, in order of arrival. */
export type RequestLog = {
  requests: readonly LoggedRequest[]
  /** Returns the bodies of logged requests that have a text, oldest first, without those for the title of a thread. */
  requestsWith(text: string | RegExp): readonly string[]
  add(request: LoggedRequest): void
  /** The first request, of those that came and those that will, that fits. Rejects when the log closes. */
  waitFor(fits: (request: LoggedRequest) => boolean): Promise<LoggedRequest>
  /** Drops the logged requests, so that a long test does not fill the memory. */
  forget(): void
  close(): void
}

/** Creates an empty request log. */
export function createRequestLog(): RequestLog {
  const requests: LoggedRequest[] = []
  const waiting = new Set<Waiting>()
  return {
    requests,
    requestsWith: (text) =>
      requests
        .map(({ bodyText }) => bodyText)
        .filter((body) => !body.includes(titleSchema))
        .filter((body) => (typeof text === 'string' ? body.includes(text) : text.test(body))),
    add(request) {
      requests.push(request)
      for (const wait of waiting) {
        if (wait.fits(request) && waiting.delete(wait)) wait.resolve(request)
      }
    },
    waitFor(fits) {
      const known = requests.find(fits)
      if (known !== undefined) return Promise.resolve(known)
      return new Promise((resolve, reject) => waiting.add({ fits, resolve, reject }))
    },
    forget() {
      requests.length = 0
    },
    close() {
      for (const { reject } of waiting)
        reject(new Error('the model server was closed before such a request came'))
      waiting.clear()
    },
  }
}

/**
 * A word of the requests by which Codex has its model name a thread. They quote the prompt, and come at any time beside the
 * requests of the turn.
 */
const titleSchema = 'thread_title'

type Waiting = {
  fits(request: LoggedRequest): boolean
  resolve(request: LoggedRequest): void
  reject(error: Error): void
}

/** Returns headers for the log, with secrets replaced by `redacted`. */
export function withoutSecrets(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const redacted = Object.keys(headers).filter((name) => secrets.has(name))
  return { ...headers, ...Object.fromEntries(redacted.map((name) => [name, 'redacted'])) }
}

const secrets = new Set(['authorization', 'x-api-key', 'x-goog-api-key', 'cookie'])
