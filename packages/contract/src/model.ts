import type { Effort } from './session-command.js'

/** A model that a CLI lists. */
export type Model = {
  /** The provider's whole name for it. */
  id: string
  /** Other names under which it may be asked for, as `opus`; they move on with the CLI. */
  aliases: readonly string[]
  /** The efforts that it takes; missing where the CLI does not say. */
  efforts?: readonly Effort[]
}

/** The model that is asked for by its id or an alias of it. */
export function findModel(models: readonly Model[], name: string): Model | undefined {
  return models.find(({ id }) => id === name) ?? models.find(({ aliases }) => aliases.includes(name))
}

/** What a provider makes of an effort: its own word for it, nothing (`note` says why), or a refusal. */
export type EffortChoice =
  | { type: 'word'; word: string }
  | { type: 'none'; note: string }
  | { type: 'refused'; message: string }
