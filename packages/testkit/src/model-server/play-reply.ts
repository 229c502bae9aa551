import type { ServerResponse } from 'node:http'
import type { Gates } from './gates.js'
import type { Narrator } from './dialects/dialect.js'
import { replyFrames } from './dialects/reply-frames.js'
import type { Refusal, ReplyStep } from './step.js'

/** How an answer of the model server ended: sent whole, broken off by its script, or left by the client before its end. */
export type Ending = 'answered' | 'cut' | 'client-left'

/** The HTTP response to which a reply is written, and the functions that format it. */
export type Output = {
  response: ServerResponse
  contentType: string
  gates: Gates
  narrator: Narrator
  /** Formats the body of an HTTP error. */
  refusal(refusal: Refusal): unknown
}

/** Writes a reply with its pauses, and stops immediately when the client leaves. Never rejects. */
export async function playReply(steps: readonly ReplyStep[], stage: Output): Promise<Ending> {
  const { response } = stage
  const left = new Promise<void>((resolve) => response.once('close', resolve))
  for (const frame of replyFrames(steps, stage.narrator)) {
    if (response.destroyed) return 'client-left'
    if (frame.type === 'status') return refuse(frame, stage)
    if (frame.type === 'cut') return cut(response)
    if (frame.type === 'write') await written(frame.text, stage, left)
    if (frame.type === 'delay') await elapsed(frame.milliseconds, left)
    if (frame.type === 'gate') await Promise.race([stage.gates.passed(frame.name), left])
    if (frame.type === 'hang') await left
  }
  response.end()
  return 'answered'
}

function refuse(refusal: Refusal, { response, narrator, refusal: bodyOf }: Output): Ending {
  if (response.headersSent) {
    response.end(narrator.failure(refusal))
    return 'answered'
  }
  const { status, retryAfterSeconds } = refusal
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', retryAfterSeconds)
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(bodyOf(refusal)))
  return 'answered'
}

/** Breaks off a reply: what was written still arrives, the end never does. */
function cut(response: ServerResponse): Ending {
  response.flushHeaders()
  response.socket?.destroySoon()
  return 'cut'
}

/** Writes text to the client, and waits while the client reads more slowly. */
async function written(text: string, { response, contentType }: Output, left: Promise<void>): Promise<void> {
  if (text === '') return
  if (!response.headersSent) response.writeHead(200, { 'content-type': contentType })
  if (response.write(text)) return
  await Promise.race([new Promise((resolve) => response.once('drain', resolve)), left])
}

async function elapsed(milliseconds: number, left: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([new Promise((resolve) => (timer = setTimeout(resolve, milliseconds))), left])
  clearTimeout(timer)
}
