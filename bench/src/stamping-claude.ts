#!/usr/bin/env node
import { createInterface } from 'node:readline'
import { z } from 'zod'

/**
 * A replacement for `claude` where the time of the real one would hide ours. It answers each message after a moment
 * with the times at which it wrote the answer and had read the message, in nanoseconds of the machine's monotonic clock.
 */
const Message = z.looseObject({
  type: z.string(),
  uuid: z.string().optional(),
  request_id: z.string().optional(),
})

/** Milliseconds before an answer, long enough for the host to begin its wait. */
const pauseMs = 15

createInterface({ input: process.stdin }).on('line', (line) => {
  const readAt = process.hrtime.bigint()
  const { type, uuid, request_id } = Message.parse(JSON.parse(line))
  if (type === 'control_request')
    say({ type: 'control_response', response: { subtype: 'success', request_id, response: {} } })
  if (type === 'user')
    setTimeout(() => {
      answer(uuid, readAt)
    }, pauseMs)
})

function answer(uuid: string | undefined, readAt: bigint): void {
  say({ type: 'system', subtype: 'init', session_id: 'stamped', model: 'stamp' })
  say({
    type: 'result',
    subtype: 'success',
    is_error: false,
    num_turns: 1,
    session_id: 'stamped',
    user_message_uuid: uuid,
    total_cost_usd: 0,
    usage: { input_tokens: 1, output_tokens: 1 },
    result: `stamp ${process.hrtime.bigint()} read ${readAt}`,
  })
}

function say(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
