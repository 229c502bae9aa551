import {
  findModelByIdOrAlias,
  type ReasoningEffort,
  type EffortTranslation,
  type Failure,
  type Model,
} from '@subagent-mcp/contract'
import { createUnlistedModelFailure } from '@subagent-mcp/driver-kit'
import { codexCli } from '../codex-cli.js'

export type CodexModelSettings = { model?: string; effort?: string }

/** Codex's settings for a chosen model and effort, with notes on what was left out; or the failure of the choice. */
export type CodexModelChoice =
  | { settings: CodexModelSettings; notes: readonly string[] }
  | { failure: Failure }

type Asked = { model?: string; effort?: ReasoningEffort }

/** Checks a model, by id or alias, and an effort against the models that Codex lists. Without a model the effort is for `current`, else for the default. */
export function checkCodexModelAndEffort(
  models: readonly Model[],
  { model: name, effort }: Asked,
  current?: string,
): CodexModelChoice {
  const model = findModelByIdOrAlias(models, name ?? current ?? 'gpt')
  if (name !== undefined && model === undefined)
    return { failure: createUnlistedModelFailure(codexCli.label, name, models) }
  const settings = name === undefined || model === undefined ? {} : { model: model.id }
  if (effort === undefined) return { settings, notes: [] }
  const choice = translateCodexEffort(effort)
  if (choice.type === 'refused') return { failure: { reason: 'bad-request', message: choice.message } }
  if (model?.efforts?.length === 0)
    return { settings, notes: [`${model.id} takes no effort: it was left out`] }
  if (model?.efforts?.includes(effort) === false) return { failure: noSuchEffort(model, effort) }
  return { settings: { ...settings, effort: choice.word }, notes: [] }
}

/** Returns Codex's word for an effort. Codex has the same words, without `ultracode`, which is refused. */
export function translateCodexEffort(effort: ReasoningEffort): Exclude<EffortTranslation, { type: 'none' }> {
  if (effort !== 'ultracode') return { type: 'word', word: effort }
  return { type: 'refused', message: 'ultracode is a mode of some Claude models; codex takes low to max' }
}

function noSuchEffort({ id, efforts = [] }: Model, effort: ReasoningEffort): Failure {
  return {
    reason: 'bad-request',
    message: `${id} does not take the effort ${effort}`,
    hint: `it takes: ${efforts.join(', ')}`,
  }
}
