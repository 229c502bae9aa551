import { z } from 'zod'

/** What became of a file of others that was written earlier; what was current is not told. */
export const Refreshed = z.discriminatedUnion('type', [
  z.object({ type: z.literal('written'), path: z.string() }),
  z.object({
    type: z.literal('refused'),
    path: z.string(),
    why: z.string(),
    /** What to put in by hand. */
    snippet: z.string().exactOptional(),
  }),
])
export type Refreshed = z.infer<typeof Refreshed>
