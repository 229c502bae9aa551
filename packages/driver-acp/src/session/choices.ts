import type { McpServer } from '@agentclientprotocol/sdk'
import { findModelByIdOrAlias, type Failure, type Model } from '@subagent-mcp/contract'
import { createUnlistedModelFailure } from '@subagent-mcp/driver-kit'
import type { AcpProfile } from '../profile.js'
import type { AcpSessionAnswer } from './wire.js'

/** The folder, models and settings of an ACP session, which a reset repeats in the new session. */
export type AcpSessionChoices = {
  label: string
  cwd: string
  /** The models of the session; empty when the agent lists none. */
  models: readonly Model[]
  /** The config option that sets the model. Without one `session/set_model` does. */
  modelConfigId: string | undefined
  model: string | undefined
  mode: string | undefined
  /** The system prompt, sent to the agent before the first prompt. */
  preamble: string | undefined
  /** Whether permission requests are answered by the owner of the session, or all allowed, or all denied. */
  answers: 'asks' | 'allows' | 'denies'
  takesImages: boolean
  /** The MCP servers that the launch gives to the session. */
  servers: readonly McpServer[]
  /** Marks the processes of these servers; each reset adds a number to it. */
  mark: string
}

export function readAcpModels(
  { models, configOptions }: AcpSessionAnswer,
  { families }: Pick<AcpProfile, 'families'>,
): Pick<AcpSessionChoices, 'models' | 'modelConfigId'> & { current: string | undefined } {
  if (models) {
    const listed = models.availableModels.map(({ modelId, name }) => ({ id: modelId, name }))
    return {
      models: withAliases(listed, families),
      modelConfigId: undefined,
      current: models.currentModelId,
    }
  }
  const option = configOptions?.find(({ category }) => category === 'model')
  const listed = option?.options.map(({ value, name }) => ({ id: value, name })) ?? []
  return {
    models: withAliases(listed, families),
    modelConfigId: option?.id,
    current: option?.currentValue,
  }
}

type ListedModel = { id: string; name: string | undefined }

/** Adds aliases to an agent's models: a family's name for its newest model, and the displayed name where it looks like an id. */
function withAliases(listed: readonly ListedModel[], families: AcpProfile['families']): readonly Model[] {
  const newest = Object.entries(families).flatMap(([alias, pattern]): [string, string][] => {
    const [first] = listed.filter(({ id }) => pattern.test(id)).sort(newestFirst)
    return first === undefined ? [] : [[alias, first.id]]
  })
  return listed.map(({ id, name }) => {
    const own = name === undefined || name === id || !/^[a-z][a-z0-9.-]+$/.test(name) ? [] : [name]
    return { id, aliases: [...newest.flatMap(([alias, of]) => (of === id ? [alias] : [])), ...own] }
  })
}

/** Orders models by the version in their names; of the same version the shortest name comes first. */
function newestFirst({ id: one }: ListedModel, { id: other }: ListedModel): number {
  return version(other) - version(one) || one.length - other.length
}

function version(id: string): number {
  const [, major = '0', minor = '0'] = /(\d+)(?:\.(\d+))?/.exec(id) ?? []
  return Number(major) * 1000 + Number(minor)
}

/** Finds a model's id by id or alias among those that the agent lists. Without a list, returns the name as it is. */
export function findAcpModelId(
  models: readonly Model[],
  name: string,
  label: string,
): { model: string } | { failure: Failure } {
  const found = findModelByIdOrAlias(models, name)
  if (found !== undefined || models.length === 0) return { model: found?.id ?? name }
  return { failure: createUnlistedModelFailure(label, name, models) }
}
