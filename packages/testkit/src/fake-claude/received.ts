import { z } from 'zod'

const Request = z.looseObject({
  type: z.literal('control_request'),
  request_id: z.string(),
  request: z.looseObject({
    subtype: z.string(),
    message_uuid: z.string().optional(),
    target_message_uuid: z.string().optional(),
  }),
})
export type Request = z.infer<typeof Request>

/** The content of a user message: a text, or blocks of it. */
const Content = z.union([
  z.string(),
  z.array(z.looseObject({ text: z.string() })).transform((blocks) => blocks.map(({ text }) => text).join('')),
])

const Message = z.looseObject({
  type: z.literal('user'),
  uuid: z.string(),
  message: z.looseObject({ content: Content }),
})

const ClientAnswer = z.looseObject({
  type: z.literal('control_response'),
  response: z.looseObject({
    subtype: z.string(),
    request_id: z.string(),
    response: z.looseObject({ behavior: z.string() }).optional(),
  }),
})
export type ClientAnswer = z.infer<typeof ClientAnswer>

/** A line of stdin that a fake `claude` reads. Like the real CLI, the fake exits on any other line. */
export const StdinLine = z.discriminatedUnion('type', [Request, Message, ClientAnswer])
