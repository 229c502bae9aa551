import type { IncomingHttpHeaders } from 'node:http'
import type { Dialect } from './dialects/dialect.js'
import type { Ending } from './play-reply.js'

/** One request as it arrived. */
export type LoggedRequest = {
  /** Undefined when no model API has this path. */
  dialect: Dialect['name'] | undefined
  /** `structured`: a CLI's side question, answered by its schema. `other`: greetings, lists, unknown paths. */
  kind: 'turn' | 'structured' | 'count-tokens' | 'unreadable' | 'other'
  method: string
  path: string
  /** Secrets are replaced by `redacted`. */
  headers: IncomingHttpHeaders
  /** Byte for byte what was sent. */
  bodyText: string
  /** Parsed, undefined when it is not JSON. */
  body: unknown
  /** The newest text that the user typed, without what the CLI put around it. */
  userText: string | undefined
  /** What a prompt cache compares, as one text: tools, instructions, then messages. */
  prompt: string | undefined
  /** Unix milliseconds. */
  receivedAt: number
  /** Resolves when nothing more is sent. */
  ended: Promise<Ending>
}

/** All requests, in order of arrival. */
export type RequestLog = {
  requests: readonly LoggedRequest[]
  add(request: LoggedRequest): void
  /** The first request, of those that came and those that will, that fits. Rejects when the log closes. */
  waitFor(fits: (request: LoggedRequest) => boolean): Promise<LoggedRequest>
  /** Drops all that came so far, so that a long test does not fill the memory. */
  forget(): void
  close(): void
}

/** An empty log. */
export function createRequestLog(): RequestLog {
  const requests: LoggedRequest[] = []
  const waiting = new Set<Waiting>()
  return {
    requests,
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

type Waiting = {
  fits(request: LoggedRequest): boolean
  resolve(request: LoggedRequest): void
  reject(error: Error): void
}

/** The headers as a log may keep them. */
export function withoutSecrets(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const redacted = Object.keys(headers).filter((name) => secrets.has(name))
  return { ...headers, ...Object.fromEntries(redacted.map((name) => [name, 'redacted'])) }
}

const secrets = new Set(['authorization', 'x-api-key', 'x-goog-api-key', 'cookie'])
