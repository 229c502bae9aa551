import type { AcceptOptions } from '@subagent-mcp/api'
import { defined } from '@subagent-mcp/contract'
import { z } from 'zod'
import { paramNotes, textArg, boolArg } from '../../command/values.js'

export const acceptFlags = {
  accept: repeated(
    'command',
    'Shell command, such as a test, that must succeed after the work; else the agent repairs it. Can be repeated',
  ),
  acceptOnly: repeated(
    'glob',
    'The only files that the agent may change, as in src/**; others reject the work. Can be repeated',
  ),
  acceptMust: repeated(
    'glob',
    'Files, as in test/**, of which the agent must change at least one. Can be repeated',
  ),
  acceptReview: textArg(
    'provider',
    'Other provider whose model must approve the changes; any: the best one',
    {
      names: 'providers',
    },
  ).exactOptional(),
  acceptTries: z
    .int()
    .min(0)
    .max(10)
    .describe('How often the agent may repair work that a check rejected (default: 2)')
    .register(paramNotes, { hint: 'number' })
    .exactOptional(),
  acceptProject: boolArg('Check the work by the commands that the project proposes and you approved'),
}

type AcceptArgs = { [Flag in keyof typeof acceptFlags]?: z.output<(typeof acceptFlags)[Flag]> }

/** Separates what a result must pass from the other options of a command. */
export function readAccept<Args extends AcceptArgs>(
  args: Args,
): { accept: AcceptOptions | undefined; rest: Omit<Args, keyof AcceptArgs> } {
  const {
    accept: run,
    acceptOnly: only,
    acceptMust: must,
    acceptReview: reviewer,
    acceptTries: tries,
    acceptProject = false,
    ...rest
  } = args
  const accept: AcceptOptions = {
    ...defined({ run, tries }),
    ...((only || must) && { files: defined({ only, must }) }),
    ...(reviewer !== undefined && { review: reviewer === 'any' ? (true as const) : reviewer }),
  }
  const isGiven = acceptProject || Object.keys(accept).length > 0
  return { accept: isGiven ? accept : undefined, rest }
}

function repeated(hint: string, description: string) {
  return z
    .array(z.string().regex(/\S/, 'is empty'))
    .describe(description)
    .register(paramNotes, { hint })
    .exactOptional()
}
