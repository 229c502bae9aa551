import type { ReasoningEffort, EffortTranslation } from '@subagent-mcp/contract'
import type { AppliedSettings } from '../session/wire.js'

/** Checks an effort without the CLI, for old models whose efforts do not change any more. Other models accept any effort here. */
export function checkClaudeEffort(effort: ReasoningEffort, model = ''): EffortTranslation {
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

/** The efforts of old models, from the lists of claude 2.1.329 and 2.1.197. */
const olderModels: readonly { name: RegExp; takes: readonly ReasoningEffort[] }[] = [
  { name: /^claude-(3-|haiku-4|sonnet-4-5|sonnet-4-0|sonnet-4-2)/, takes: [] },
  { name: /^claude-opus-4-5/, takes: ['low', 'medium', 'high'] },
  { name: /^claude-(opus|sonnet)-4-6/, takes: ['low', 'medium', 'high', 'max'] },
]

/** An effort as Claude's settings. For Claude `ultracode` is a mode beside the effort, which goes with `xhigh`. */
export function toClaudeEffortSettings(effort: ReasoningEffort): { effortLevel: string; ultracode: boolean } {
  const ultracode = effort === 'ultracode'
  return { effortLevel: ultracode ? 'xhigh' : effort, ultracode }
}

/** Whether Claude applies an effort: as asked (`taken`), none, or another one. */
export type AppliedEffort = { type: 'taken' } | { type: 'none' | 'other'; message: string }

/** Compares an effort with the settings that Claude applies, because Claude does not report an effort that it ignores. */
export function compareAppliedEffort(effort: ReasoningEffort, applied: AppliedSettings): AppliedEffort {
  const model = applied.model ?? 'the model'
  if (effort === 'ultracode') {
    if (applied.ultracode) return { type: 'taken' }
    return { type: 'other', message: `ultracode is off: ${model} has none, or workflows are switched off` }
  }
  if (applied.effort === effort || applied.effort === undefined) return { type: 'taken' }
  if (applied.effort === null) return { type: 'none', message: leftOut(effort, model) }
  return { type: 'other', message: `${model} does not take the effort ${effort}, but ${applied.effort}` }
}

function leftOut(effort: ReasoningEffort, model: string): string {
  return `${model} takes no effort: ${effort} was left out`
}
