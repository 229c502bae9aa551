import { z } from 'zod'
import { readonlyListSchema } from '../response-schemas.js'

const Text = z.string().trim().min(1, { error: 'must not be empty' })

/** A shell command. One line feed or more makes a script, which is one command as well. */
const Gate = Text.max(2_000, { error: 'must have at most 2000 characters' })

/** Globs of paths relative to the agent's folder: `*` within a folder, `**` across folders. A folder's name means all in it. */
const Globs = readonlyListSchema(Text)

/** The files that an agent may change, and those of which it must change at least one each. */
const AcceptFiles = z
  .strictObject({ only: Globs.exactOptional(), must: Globs.exactOptional() })
  .refine(({ only, must }) => (only ?? must)?.length !== 0, { error: 'needs only or must' })

/**
 * What a result must pass before it is reported. `run`: shell commands that must succeed in the agent's folder. `files`: globs.
 * `review`: an agent of another provider must approve; its provider, or `true` for any. `tries`: how often the agent may repair
 * what failed (default 2). Without `run`, `files` and `review`: the commands that the project proposes and the user approved.
 */
export const AcceptanceOptions = z.strictObject({
  run: z.array(Gate).max(20, { error: 'takes at most 20 commands' }).readonly().exactOptional(),
  files: AcceptFiles.exactOptional(),
  review: z.union([z.literal(true), Text], { error: 'must be true or a provider' }).exactOptional(),
  tries: z
    .int({ error: 'must be a whole number' })
    .min(0, { error: 'must be 0 to 10' })
    .max(10, { error: 'must be 0 to 10' })
    .exactOptional(),
})
export type AcceptanceOptions = z.infer<typeof AcceptanceOptions>
