import type { TaskCategory } from '@subagent-mcp/contract'
import { z } from 'zod'
import { RouteCandidate } from './route-candidate.js'
import { strictObjectSchema } from './strict-object-schema.js'

const RankedCandidate = strictObjectSchema({
  ...RouteCandidate.shape,
  why: z.string().exactOptional().describe('why it stands here'),
  sources: z
    .array(z.string())
    .exactOptional()
    .describe('keys of `sources` that the reason rests on; without them it is a judgement'),
})
export type RankedCandidate = z.infer<typeof RankedCandidate>

const Candidates = z.array(RankedCandidate).min(1).describe('best first')
const Listed = strictObjectSchema({ candidates: Candidates })
const listed = Listed.exactOptional()

const listedCategories = {
  math_proof: listed,
  security_review: listed,
  debugging: listed,
  quality_review: listed,
  architecture: listed,
  agentic_execution: listed,
  data_analysis: listed,
  coding: listed,
  knowledge_synthesis: listed,
  mechanical: listed,
  fallback_default: listed,
}

const Composed = strictObjectSchema({
  composedOf: z
    .array(z.keyof(z.object(listedCategories)))
    .min(2)
    .describe(
      'the best of each in turn, then the second of each, and so on; a model only at its first place',
    ),
  why: z.string().exactOptional().describe('why of these'),
})
const listedOrComposed = z.union([Listed, Composed]).exactOptional()

const SomeCategories = strictObjectSchema({
  ...listedCategories,
  prompt_engineering: listedOrComposed,
  vulnerability_research: listedOrComposed,
  molecular_biology: listedOrComposed,
  ml_accelerator_design: listedOrComposed,
} satisfies Record<TaskCategory, z.ZodType>)

const RankSource = strictObjectSchema({
  name: z.string(),
  url: z.url(),
  read: z.iso.date().describe('the day on which it was read'),
  says: z.string().describe('what was found there'),
})
export type RankSource = z.infer<typeof RankSource>

/** The candidates for each category of task, best first. */
export const RoutingTable = strictObjectSchema({
  $schema: z.string().exactOptional(),
  health: z.boolean().describe('whether a provider that reports a rate limit rests until the limit ends'),
  strongest: Candidates.describe('whom to start from when a task has failed before (deadlock), best first'),
  categories: SomeCategories.required(),
  sources: z.record(z.string(), RankSource).describe('what the reasons rest on'),
})
export type RoutingTable = z.infer<typeof RoutingTable>

/** Changes to a routing table: each given category, `strongest` and `health` replaces the table's. */
export const RouteOverride = strictObjectSchema({
  ...RoutingTable.shape,
  categories: SomeCategories,
}).partial()
export type RouteOverride = z.infer<typeof RouteOverride>
