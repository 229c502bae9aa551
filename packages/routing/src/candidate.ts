import { efforts } from '@subagent-mcp/contract'
import { z } from 'zod'
import { exactly } from './exactly.js'

/** Who might do a task. Without a model it is the provider's default one, without an effort the model's. */
export const Candidate = exactly({
  provider: z.string().min(1).describe('claude, codex, gemini, or the id of an ACP agent of the user'),
  model: z.string().min(1).exactOptional().describe('an id or alias that the CLI lists, as opus'),
  effort: z.enum(efforts).exactOptional().describe('how hard it thinks; not every model takes each'),
})
export type Candidate = z.infer<typeof Candidate>

/** As it was asked for, on one line. */
export function candidateName({ provider, model, effort }: Candidate): string {
  return [provider, model, effort].filter((word) => word !== undefined).join(' ')
}

/** Provider and model in a word: `codex/gpt`, or the model alone where it begins with its provider: `claude-opus-5-5`. */
export function modelName({ provider, model }: { provider: string; model?: string }): string {
  if (model === undefined) return provider
  return model.startsWith(provider) ? model : `${provider}/${model}`
}

/** Whether both reach the same model of the same provider, however hard it thinks. */
export function isSameModel(left: Candidate, right: Candidate): boolean {
  return left.provider === right.provider && left.model === right.model
}

/** The list without candidates that reach a model which an earlier one reaches. */
export function withoutRepeats<Entry extends Candidate>(list: readonly Entry[]): Entry[] {
  return list.filter((entry, index) => list.findIndex((other) => isSameModel(other, entry)) === index)
}
