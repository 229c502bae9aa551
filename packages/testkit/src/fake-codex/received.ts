import { z } from 'zod'

/** A request to a fake `codex`. */
export const Request = z.looseObject({
  id: z.number(),
  method: z.string(),
  params: z.looseObject({
    threadId: z.string().default(''),
    beforeTurnId: z.string().nullish(),
    lastTurnId: z.string().nullish(),
    approvalPolicy: z.string().nullish(),
    input: z.array(z.looseObject({ text: z.string() })).default([]),
  }),
})
export type Request = z.infer<typeof Request>

/** An answer to a request of a fake. */
export const ClientAnswer = z.looseObject({
  id: z.number(),
  result: z.looseObject({ decision: z.string().optional() }).optional(),
})
