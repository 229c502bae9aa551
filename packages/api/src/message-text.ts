import { z } from 'zod'

/** The longest message to an agent, in characters: more than the context of any model holds. */
const longestMessage = 4_000_000

/** A prompt or a message to an agent: not blank, and not longer than any model could read. */
export const MessageText = z
  .string()
  .refine((text) => text.trim() !== '', {
    error: ({ path }) => `${getInvalidParameterName(path)} is empty`,
    params: { code: 'invalid-parameter', hint: 'say what to do' },
    abort: true,
  })
  .refine((text) => text.length <= longestMessage, {
    error: ({ path }) => `${getInvalidParameterName(path)} has more than ${longestMessage} characters`,
    params: { code: 'invalid-parameter', hint: 'write it to a file and name the file' },
  })
  .meta({ minLength: 1, maxLength: longestMessage })

export function getInvalidParameterName(path: readonly PropertyKey[] = []): string {
  return String(path.at(-1) ?? 'the text')
}
