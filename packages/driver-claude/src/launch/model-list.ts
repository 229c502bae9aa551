import { reasoningEfforts, type ReasoningEffort, type Failure, type Model } from '@subagent-mcp/contract'
import type { ListedModel } from '../session/wire.js'

/** Reads the list of the handshake. Its entries are names; several names may stand for one model. */
export function readClaudeModels(listed: readonly ListedModel[]): readonly Model[] {
  const ids = [...new Set(listed.map(idOf))]
  const saysEfforts = listed.some(({ supportedEffortLevels }) => supportedEffortLevels !== undefined)
  return ids.map((id) => {
    const entries = listed.filter((entry) => idOf(entry) === id)
    const levels = entries.flatMap(({ supportedEffortLevels = [] }) => supportedEffortLevels)
    return {
      id,
      aliases: entries
        .flatMap(({ value }) => [value, ...bareName(value, listed)])
        .filter((name) => name !== id),
      ...(saysEfforts && { efforts: effortsOf(levels) }),
    }
  })
}

/**
 * The failure for a model that does not exist; undefined in doubt. Claude accepts any name, and adds an unknown one to its
 * list unchanged. Only a bare word is certainly no model: an id has a version, and a gateway may have any id.
 */
export function checkClaudeModelExists(
  name: string | undefined,
  listed: readonly ListedModel[],
): Failure | undefined {
  const entry = listed.find(({ value }) => value === name)
  const isEcho = entry !== undefined && entry.displayName === name && idOf(entry) === name
  if (!isEcho || !bareWord.test(name)) return undefined
  const known = listed.map(({ value }) => value).filter((value) => value !== name)
  return {
    reason: 'model-unavailable',
    message: `claude has no model ${name}`,
    hint: `there are: ${known.join(', ')}, and the full ids of models`,
  }
}

const bareWord = /^[a-z]+(\[1m\])?$/i

/** Efforts for Claude's levels. A model with `xhigh` also has `ultracode`, in 2.1.197 and in 2.1.329. */
function effortsOf(levels: readonly string[]): ReasoningEffort[] {
  return reasoningEfforts.filter((effort) => levels.includes(effort === 'ultracode' ? 'xhigh' : effort))
}

/** In an account whose `opus` has a long context the list has only `opus[1m]`, but Claude also accepts `opus`. */
function bareName(value: string, listed: readonly ListedModel[]): readonly string[] {
  const name = value.replace('[1m]', '')
  return listed.some((entry) => entry.value === name) ? [] : [name]
}

function idOf({ value, resolvedModel }: ListedModel): string {
  return resolvedModel ?? value
}
