import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { answerTurn } from './answer-turn.js'
import { createGates } from './gates.js'
import type { Rule } from './interpret.js'
import type { Ending } from './play-reply.js'
import { createPromptCache } from './prompt-cache.js'
import { receiveRequest } from './receive.js'
import { createRequestLog, type LoggedRequest, type RequestLog } from './request-log.js'
import { createTryCounter } from './try-counter.js'
import type { FixedAnswer } from './understand.js'

/** A model API on loopback whose answers are scripted by prompts and tests. */
export type ModelServer = {
  /** The address of the model server, `http://127.0.0.1:PORT`, for all three APIs. */
  url: string
  /** Every request to the model server so far, in order of arrival. */
  requests: readonly LoggedRequest[]
  /** Returns the bodies of logged requests that have a text, oldest first, without those for the title of a thread. */
  requestsWith(text: string | RegExp): readonly string[]
  waitForRequest: RequestLog['waitFor']
  /** Drops the logged requests, so that a long test does not fill the memory. */
  forgetRequests(): void
  /** Replaces the rules. A prompt that matches none is answered by its own directives. */
  script(rules: readonly Rule[]): void
  /** Adds headers to all further answers, such as those with the limits of an account. */
  answerWith(headers: Readonly<Record<string, string>>): void
  /** Opens a gate: lets every reply pass that waits there, or will. */
  release(gate: string): void
  /** Closes the server and all its connections immediately, also those that hang. */
  close(): Promise<void>
}

/** Starts a model server on 127.0.0.1 and a free port. README.md has the directives for its prompts. */
export async function startModelServer(): Promise<ModelServer> {
  let rules: readonly Rule[] = []
  let headers = new Map<string, string>()
  const log = createRequestLog()
  const gates = createGates()
  const cachedTokens = createPromptCache()
  const earlierTries = createTryCounter()

  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = await receiveRequest(incoming)
    if (request === undefined) return
    const { facts, understood } = request
    response.setHeaders(headers)
    const ended =
      understood.type === 'fixed'
        ? answerFixed(understood, response)
        : answerTurn(understood, { rules, gates, cachedTokens, earlierTries }, response)
    log.add({ ...facts, ended })
  }
  const server = await listening((incoming, response) => void handle(incoming, response))
  return {
    url: urlOf(server),
    requests: log.requests,
    requestsWith: log.requestsWith,
    waitForRequest: log.waitFor,
    forgetRequests: log.forget,
    script: (next) => void (rules = next),
    answerWith: (next) => void (headers = new Map(Object.entries(next))),
    release: gates.open,
    async close() {
      log.close()
      const closed = server.listening ? once(server, 'close') : undefined
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function answerFixed({ status, answer }: FixedAnswer, response: ServerResponse): Promise<Ending> {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(answer === undefined ? undefined : JSON.stringify(answer))
  return Promise.resolve('answered')
}

/** Starts an HTTP server. Idle connections stay open: a CLI that reuses one just as it closes would report a failure of ours. */
async function listening(
  handle: (incoming: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const server = createServer({ keepAliveTimeout: 0 }, handle)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function urlOf(server: Server): string {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the model server is not listening')
  return `http://127.0.0.1:${address.port}`
}
