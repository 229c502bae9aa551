import { reasoningEfforts } from '@subagent-mcp/contract'
import { z } from 'zod'
import { strictObjectSchema } from './strict-object-schema.js'

/** A provider, model and effort that can run a task. Missing ones are the provider's or model's defaults. */
export const RouteCandidate = strictObjectSchema({
  provider: z.string().min(1).describe('claude, codex, gemini, or the id of an ACP agent of the user'),
  model: z.string().min(1).exactOptional().describe('an id or alias that the CLI lists, as opus'),
  effort: z.enum(reasoningEfforts).exactOptional().describe('how hard it thinks; not every model takes each'),
})
export type RouteCandidate = z.infer<typeof RouteCandidate>

/** A candidate as text, such as `claude opus high`. */
export function formatCandidate({ provider, model, effort }: RouteCandidate): string {
  return [provider, model, effort].filter((word) => word !== undefined).join(' ')
}

/** Provider and model in a word, `codex/gpt`; the model alone where that names the provider, `claude-opus-5-5`. */
export function formatProviderModel({ provider, model }: { provider: string; model?: string }): string {
  if (model === undefined) return provider
  return model.startsWith(provider) ? model : `${provider}/${model}`
}

export function isSameModel(left: RouteCandidate, right: RouteCandidate): boolean {
  return left.provider === right.provider && left.model === right.model
}

export function removeDuplicateModels<Entry extends RouteCandidate>(list: readonly Entry[]): Entry[] {
  return list.filter((entry, index) => list.findIndex((other) => isSameModel(other, entry)) === index)
}
