import type { Effort, EffortChoice } from '@subagent-mcp/contract'
import type { AppliedSettings } from '../session/wire.js'

/** What becomes of an effort, as far as it can be said without the CLI: on models that change no more. */
export function chooseEffort(effort: Effort, model = ''): EffortChoice {
  const known = olderModels.find(({ name }) => name.test(model))
  if (known === undefined || known.takes.includes(effort)) return { type: 'word', word: effort }
  if (effort === 'ultracode') return { type: 'refused', message: `${model} has no ultracode` }
  return known.takes.length === 0
    ? { type: 'none', note: leftOut(effort, model) }
    : {
        type: 'refused',
        message: `${model} does not take the effort ${effort}, only ${known.takes.join(', ')}`,
      }
}

/** As claude 2.1.329 and 2.1.197 list them when they are asked for by their ids. */
const olderModels: readonly { name: RegExp; takes: readonly Effort[] }[] = [
  { name: /^claude-(3-|haiku-4|sonnet-4-5|sonnet-4-0|sonnet-4-2)/, takes: [] },
  { name: /^claude-opus-4-5/, takes: ['low', 'medium', 'high'] },
  { name: /^claude-(opus|sonnet)-4-6/, takes: ['low', 'medium', 'high', 'max'] },
]

/** An effort in the CLI's settings. To the CLI ultracode is a mode beside the effort; its own word sets `xhigh` too. */
export function effortSettings(effort: Effort): { effortLevel: string; ultracode: boolean } {
  const ultracode = effort === 'ultracode'
  return { effortLevel: ultracode ? 'xhigh' : effort, ultracode }
}

/** What the CLI made of an effort; `other` says what it applies instead. */
export type EffortTaken = { type: 'taken' } | { type: 'none' | 'other'; message: string }

/** Compares what was asked for with what the CLI applies: it takes what it can, and does not say so by itself. */
export function effortTaken(effort: Effort, applied: AppliedSettings): EffortTaken {
  const model = applied.model ?? 'the model'
  if (effort === 'ultracode') {
    if (applied.ultracode) return { type: 'taken' }
    return { type: 'other', message: `ultracode is off: ${model} has none, or workflows are switched off` }
  }
  if (applied.effort === effort || applied.effort === undefined) return { type: 'taken' }
  if (applied.effort === null) return { type: 'none', message: leftOut(effort, model) }
  return { type: 'other', message: `${model} does not take the effort ${effort}, but ${applied.effort}` }
}

function leftOut(effort: Effort, model: string): string {
  return `${model} takes no effort: ${effort} was left out`
}
