import { efforts, type Effort, type Failure, type Model } from '@subagent-mcp/contract'
import type { ListedModel } from '../session/wire.js'

/** The models of the handshake's list: its entries are names, several of which may lead to one model. */
export function modelsOf(listed: readonly ListedModel[]): readonly Model[] {
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
 * Why a model that was asked for will not be there. The CLI takes any name, lists it as it is when it does not know
 * it, and asks the API for it. Only a bare word is surely no model: an id has a version, and a gateway may have
 * any id.
 */
export function unknownModel(name: string | undefined, listed: readonly ListedModel[]): Failure | undefined {
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

/** The CLI's levels in our words. What has `xhigh` has `ultracode` too, in 2.1.197 as in 2.1.329. */
function effortsOf(levels: readonly string[]): Effort[] {
  return efforts.filter((effort) => levels.includes(effort === 'ultracode' ? 'xhigh' : effort))
}

/** An account whose `opus` is the one with a long context has no entry `opus`, but the CLI takes the name. */
function bareName(value: string, listed: readonly ListedModel[]): readonly string[] {
  const name = value.replace('[1m]', '')
  return listed.some((entry) => entry.value === name) ? [] : [name]
}

function idOf({ value, resolvedModel }: ListedModel): string {
  return resolvedModel ?? value
}
