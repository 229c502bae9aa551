import { excludes, needs } from '../command/rules.js'
import { text } from '../command/values.js'

/** The flags of `run` and `worker` that choose a provider in place of the routing table. */
export const providerFlags = {
  provider: text(
    'name',
    'Provider that gets the task, with no fallback: claude, codex, gemini or one of config.jsonc',
  ).exactOptional(),
  prefer: text(
    'name',
    'Provider that is tried first; if it cannot take the task, others get it',
  ).exactOptional(),
  model: text('name', "One of the provider's models (default: the routing table's choice)").exactOptional(),
}

/** What holds between them. */
export const providerRules = [needs('model', 'provider'), excludes('prefer', ['provider', 'model'])]
