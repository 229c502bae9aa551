import { z } from 'zod'

/** A request to a fake ACP agent, or a notification when it has no id. */
export const Request = z.looseObject({
  id: z.number().optional(),
  method: z.string(),
  params: z.looseObject({
    sessionId: z.string().default(''),
    prompt: z.array(z.looseObject({ text: z.string().default('') })).default([]),
    modeId: z.string().optional(),
  }),
})
export type Request = z.infer<typeof Request>

/** An answer to a request of a fake ACP agent. */
export const ClientAnswer = z.looseObject({
  id: z.string(),
  result: z
    .looseObject({ outcome: z.looseObject({ outcome: z.string(), optionId: z.string().optional() }) })
    .optional(),
})
