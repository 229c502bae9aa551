import { z } from 'zod'

/** A limit above 0. The check is no JSON Schema keyword, because hosts send the schema with every prompt. */
const Limit = z
  .number()
  .refine((limit) => limit > 0 && limit < Infinity, {
    error: ({ path = [] }) => `${path.map(String).join('.')} must be more than 0`,
    params: { code: 'invalid-parameter', hint: 'give more than 0, or leave it out for no limit' },
  })
  .exactOptional()

/**
 * The most that an agent and all agents that it launches may use together: US dollars, tokens (input and output, cached input too),
 * and minutes in which a turn of one of them runs.
 */
export const Budget = z.strictObject({ usd: Limit, tokens: Limit, minutes: Limit })
export type Budget = z.infer<typeof Budget>
