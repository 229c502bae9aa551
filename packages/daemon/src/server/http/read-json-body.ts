import type { IncomingMessage } from 'node:http'
import { createHttpRefusal, type HttpRefusal } from './http-refusal.js'

/** A body as it was sent, still to be parsed by a schema. */
export type JsonBody = { type: 'read'; value: unknown } | { type: 'refused'; refusal: HttpRefusal }

/** The largest request body, in bytes: a message of the longest allowed size, escaped, and an environment. */
export const maxBodyBytes = 32 * 1024 * 1024

/**
 * Reads the JSON body of a request. An empty body counts as an empty object. The JSON content type is required, because web pages of
 * other origins cannot send it.
 */
export async function readJsonBody(request: IncomingMessage): Promise<JsonBody> {
  if (!isJson(request.headers['content-type']))
    return refused(415, 'the content-type must be application/json')
  try {
    return await readAll(request)
  } catch (error) {
    if (request.complete) throw error
    return refused(400, 'the connection broke before the body was whole')
  }
}

function isJson(contentType: string | undefined): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json'
}

async function readAll(request: IncomingMessage): Promise<JsonBody> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of chunksOf(request)) {
    size += piece.length
    if (size <= maxBodyBytes) pieces.push(piece)
  }
  if (size > maxBodyBytes)
    return refused(413, `the body has ${size} bytes, at most ${maxBodyBytes} are taken`)
  return parseBody(Buffer.concat(pieces).toString('utf8'))
}

/**
 * Reads the chunks of a request body. A body that is too large is read to its end, because a client does not read the answer while
 * it sends.
 */
function chunksOf(request: IncomingMessage): AsyncIterable<Buffer> {
  return request
}

function parseBody(text: string): JsonBody {
  if (text === '') return { type: 'read', value: {} }
  try {
    return { type: 'read', value: JSON.parse(text) }
  } catch {
    // The parser's own message is not used, because it quotes the text, which may contain secrets.
    return refused(400, 'the body is no JSON')
  }
}

function refused(status: number, message: string): JsonBody {
  return { type: 'refused', refusal: createHttpRefusal(status, 'invalid-parameter', message) }
}
