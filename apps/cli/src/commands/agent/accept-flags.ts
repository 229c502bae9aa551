import type { AcceptanceOptions } from '@subagent-mcp/api'
import { omitUndefined } from '@subagent-mcp/contract'
import type { z } from 'zod'
import {
  booleanArgSchema,
  remainingWordsArgSchema,
  textArgSchema,
  integerArgSchema,
} from '../../command/arg-schemas.js'

export const acceptFlags = {
  accept: remainingWordsArgSchema(
    'Shell command, such as a test, that must succeed after the work. Can be repeated',
    {
      hint: 'command',
    },
  ).exactOptional(),
  acceptOnly: remainingWordsArgSchema(
    'Files, as in src/**; a change of any other file is rejected. Can be repeated',
    {
      hint: 'glob',
    },
  ).exactOptional(),
  acceptMust: remainingWordsArgSchema(
    'Files, as in test/**, of which the agent must change at least one. Can be repeated',
    { hint: 'glob' },
  ).exactOptional(),
  acceptReview: textArgSchema(
    'provider',
    'Other provider whose model must approve the changes; any: the best one',
    {
      names: 'providers',
    },
  ).exactOptional(),
  acceptTries: integerArgSchema(
    { least: 0, most: 10 },
    'How often the agent may repair work that a check rejected (default: 2)',
  ).exactOptional(),
  acceptProject: booleanArgSchema(
    'Check the work by the commands that the project proposes and you approved',
  ),
}

type AcceptArgs = { [Flag in keyof typeof acceptFlags]?: z.output<(typeof acceptFlags)[Flag]> }

/** Separates what a result must pass from the other options of a command. */
export function splitAcceptanceOptions<Args extends AcceptArgs>(
  args: Args,
): { accept: AcceptanceOptions | undefined; rest: Omit<Args, keyof AcceptArgs> } {
  const {
    accept: run,
    acceptOnly: only,
    acceptMust: must,
    acceptReview: reviewer,
    acceptTries: tries,
    acceptProject = false,
    ...rest
  } = args
  const accept: AcceptanceOptions = {
    ...omitUndefined({ run, tries }),
    ...((only || must) && { files: omitUndefined({ only, must }) }),
    ...(reviewer !== undefined && { review: reviewer === 'any' ? (true as const) : reviewer }),
  }
  const isGiven = acceptProject || Object.keys(accept).length > 0
  return { accept: isGiven ? accept : undefined, rest }
}
