import { searchTextKinds } from '@subagent-mcp/contract'
import { z } from 'zod'
import { readonlyListSchema, looseObjectSchema } from '../response-schemas.js'

export const SearchQuery = z.strictObject({
  text: z
    .string()
    .min(1)
    .max(1_000)
    .describe(
      'words that a passage must contain; "several words" in a row; the beginning of a word as begin*',
    ),
  agent: z.string().describe('the id or name of an agent: only its texts').exactOptional(),
  project: z.string().describe('a folder: only its agents, and no messages').exactOptional(),
  since: z.coerce.number().int().min(0).describe('Unix milliseconds: only later texts').exactOptional(),
  limit: z.coerce.number().int().min(1).max(200).describe('default: 20').exactOptional(),
})

export type SearchQuery = z.infer<typeof SearchQuery>

const FoundPassage = looseObjectSchema({
  at: z.number(),
  kind: z
    .enum(searchTextKinds)
    .describe('of an agent: its prompts and messages to it, what it said, its tool calls with their output'),
  source: z.string().describe("the agent's id; for mail the id of the thread"),
  name: z.string().describe("the agent's").exactOptional(),
  project: z.string().exactOptional(),
  seq: z.number().describe('the number of the fact, as in GET /v1/events, or of the message'),
  excerpt: z.string().describe('the passage around a match; secrets are masked'),
  matches: readonlyListSchema(z.tuple([z.number(), z.number()]).readonly()).describe(
    'where the words are in the excerpt: first character, and the one behind the last',
  ),
})
export type FoundPassage = z.infer<typeof FoundPassage>

/** Splits an excerpt at its matches, in order. Parts between two matches may be empty. */
export function splitExcerptAtMatches({
  excerpt,
  matches,
}: Pick<FoundPassage, 'excerpt' | 'matches'>): ExcerptPart[] {
  const parts: ExcerptPart[] = []
  let end = 0
  for (const [from, to] of matches) {
    parts.push(
      { text: excerpt.slice(end, from), isMatch: false },
      { text: excerpt.slice(from, to), isMatch: true },
    )
    end = to
  }
  return [...parts, { text: excerpt.slice(end), isMatch: false }]
}

type ExcerptPart = { text: string; isMatch: boolean }

/** The answer to `GET /v1/search`. */
export const SearchReport = looseObjectSchema({
  passages: readonlyListSchema(FoundPassage).describe('the newest first'),
  more: z.boolean().describe('whether there are older ones too'),
  mailProblem: z.string().describe('why the newest messages are not searched').exactOptional(),
})
export type SearchReport = z.infer<typeof SearchReport>
