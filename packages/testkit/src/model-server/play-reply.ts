import type { ServerResponse } from 'node:http'
import type { Gates } from './gates.js'
import type { Narrator } from './dialects/dialect.js'
import { replyFrames } from './dialects/reply-frames.js'
import type { Refusal, ReplyStep } from './step.js'

/** How an answer ended: sent whole, broken off by its script, or left by the client before its end. */
export type Ending = 'answered' | 'cut' | 'client-left'

/** Where a reply is played, and how its dialect words it. */
export type Stage = {
  response: ServerResponse
  contentType: string
  gates: Gates
  narrator: Narrator
  /** The body of an HTTP error. */
  refusal(refusal: Refusal): unknown
}

/** Plays a reply in time, and stops at once when the client leaves. Never rejects. */
export async function playReply(steps: readonly ReplyStep[], stage: Stage): Promise<Ending> {
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

function refuse(refusal: Refusal, { response, narrator, refusal: bodyOf }: Stage): Ending {
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

/** What was written still arrives; the end never does. */
function cut(response: ServerResponse): Ending {
  response.flushHeaders()
  response.socket?.destroySoon()
  return 'cut'
}

/** Waits while the client reads slower than we write. */
async function written(text: string, { response, contentType }: Stage, left: Promise<void>): Promise<void> {
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
