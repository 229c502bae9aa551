import type { AcceptOptions } from '@subagent-mcp/api'
import { defined } from '@subagent-mcp/contract'
import { z } from 'zod'
import { paramNotes, textArg, boolArg } from '../../command/values.js'

export const acceptFlags = {
  accept: repeated(
    'command',
    "Shell command that must succeed on the agent's result; the daemon runs it. Can be repeated",
  ),
  acceptOnly: repeated('glob', 'Files that the agent may change, as in src/**. Can be repeated'),
  acceptMust: repeated('glob', 'Files of which the agent must change at least one. Can be repeated'),
  acceptReview: textArg(
    'provider',
    "Provider that must approve the changes, other than the agent's own; any: whichever can",
    {
      names: 'providers',
    },
  ).exactOptional(),
  acceptTries: z
    .int()
    .min(0)
    .max(10)
    .describe('Most turns in which the agent may repair what failed (default: 2)')
    .register(paramNotes, { hint: 'number' })
    .exactOptional(),
  acceptProject: boolArg('Check the result by the commands that the project proposes and you approved'),
}

type AcceptArgs = { [Flag in keyof typeof acceptFlags]?: z.output<(typeof acceptFlags)[Flag]> }

/** Separates what a result must pass from the other options of a command. */
export function readAccept<Args extends AcceptArgs>(
  args: Args,
): { accept: AcceptOptions | undefined; rest: Omit<Args, keyof AcceptArgs> } {
  const { accept: run, acceptOnly: only, acceptMust: must, acceptReview, ...others } = args
  const { acceptTries: tries, acceptProject = false } = others
  const accept: AcceptOptions = {
    ...defined({ run, tries }),
    ...((only || must) && { files: defined({ only, must }) }),
    ...(acceptReview !== undefined && { review: acceptReview === 'any' ? (true as const) : acceptReview }),
  }
  const isGiven = acceptProject || Object.keys(accept).length > 0
  return { accept: isGiven ? accept : undefined, rest: withoutKeys(args, acceptFlags) }
}

function withoutKeys<Values extends object, Left extends object>(
  values: Values,
  left: Left,
): Omit<Values, keyof Left>
function withoutKeys(values: object, left: object): object {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !Object.hasOwn(left, key)))
}

function repeated(hint: string, description: string) {
  return z
    .array(z.string().regex(/\S/, 'is empty'))
    .describe(description)
    .register(paramNotes, { hint })
    .exactOptional()
}
