import type { IncomingMessage } from 'node:http'
import { httpRefusal, type HttpRefusal } from './refusal.js'

/** A body as it was sent, still to be parsed by a schema. */
export type ParsedBody = { type: 'read'; value: unknown } | { type: 'refused'; refusal: HttpRefusal }

/** The largest request body, in bytes: a message of the longest allowed size, escaped, and an environment. */
export const largestBody = 32 * 1024 * 1024

/** Reads the JSON body of a request; an empty one is an empty object. The JSON content type is required, because a web page cannot send it cross-origin. */
export async function readBody(request: IncomingMessage): Promise<ParsedBody> {
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

async function readAll(request: IncomingMessage): Promise<ParsedBody> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of chunksOf(request)) {
    size += piece.length
    if (size <= largestBody) pieces.push(piece)
  }
  if (size > largestBody) return refused(413, `the body has ${size} bytes, at most ${largestBody} are taken`)
  return parseBody(Buffer.concat(pieces).toString('utf8'))
}

/** Reads the chunks of a request body. Reads to the end even if it is too large, because a client that still sends does not read the answer. */
function chunksOf(request: IncomingMessage): AsyncIterable<Buffer> {
  return request
}

function parseBody(text: string): ParsedBody {
  if (text === '') return { type: 'read', value: {} }
  try {
    return { type: 'read', value: JSON.parse(text) }
  } catch {
    // The parser's words quote the text, which may hold secrets.
    return refused(400, 'the body is no JSON')
  }
}

function refused(status: number, message: string): ParsedBody {
  return { type: 'refused', refusal: httpRefusal(status, 'invalid-parameter', message) }
}
