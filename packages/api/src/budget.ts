import { z } from 'zod'

const Limit = z
  .number()
  .positive({ error: ({ path = [] }) => `${path.map(String).join('.')} must be more than 0` })
  .exactOptional()

/**
 * The most that an agent and all agents that it launches may use together: US dollars, tokens (input and output, cached input too),
 * and minutes in which a turn of one of them runs.
 */
export const Budget = z.strictObject({ usd: Limit, tokens: Limit, minutes: Limit })
export type Budget = z.infer<typeof Budget>
