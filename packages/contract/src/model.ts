import type { ReasoningEffort } from './session-command.js'

export type Model = {
  /** The provider's full name for the model. */
  id: string
  /** Other names for it, such as `opus`. They may move to a newer model. */
  aliases: readonly string[]
  /** The efforts that the model supports; missing where the CLI does not list them. */
  efforts?: readonly ReasoningEffort[]
}

export function findModelByIdOrAlias(models: readonly Model[], name: string): Model | undefined {
  return models.find(({ id }) => id === name) ?? models.find(({ aliases }) => aliases.includes(name))
}

/** The result of translating an effort for a provider: its own word, none with a `note` why, or a refusal. */
export type EffortTranslation =
  | { type: 'word'; word: string }
  | { type: 'none'; note: string }
  | { type: 'refused'; message: string }
