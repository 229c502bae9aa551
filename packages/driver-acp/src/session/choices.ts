import type { McpServer } from '@agentclientprotocol/sdk'
import { findModel, type Failure, type Model } from '@subagent-mcp/contract'
import type { AcpProfile } from '../profile.js'
import type { SessionAnswer } from './wire.js'

/** What a session was opened with: its folder, its models, and the choices that a reset makes again. */
export type Choices = {
  label: string
  cwd: string
  /** Empty where the agent lists none. */
  models: readonly Model[]
  /** The config option by which the agent takes a model; without one it is asked by `session/set_model`. */
  modelConfigId: string | undefined
  model: string | undefined
  mode: string | undefined
  /** The system prompt, which goes before the first prompt. */
  preamble: string | undefined
  /** What is said to a permission request without asking the owner. */
  answers: 'asks' | 'allows' | 'denies'
  /** Its own MCP servers. */
  servers: readonly McpServer[]
  /** Tells its servers from those of others; each reset adds a number to it. */
  mark: string
}

/** The models that an agent lists, and where it takes one. */
export function listedModels(
  { models, configOptions }: SessionAnswer,
  { families }: Pick<AcpProfile, 'families'>,
): Pick<Choices, 'models' | 'modelConfigId'> & { current: string | undefined } {
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

/** A family's name stands for the newest of its models; what is shown of a model may be an id too. */
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

/** By the version in their names; of the same version the plainest name. */
function newestFirst({ id: one }: ListedModel, { id: other }: ListedModel): number {
  return version(other) - version(one) || one.length - other.length
}

function version(id: string): number {
  const [, major = '0', minor = '0'] = /(\d+)(?:\.(\d+))?/.exec(id) ?? []
  return Number(major) * 1000 + Number(minor)
}

/** The id of a model that is asked for; an agent that lists none may know it all the same. */
export function chooseModel(
  models: readonly Model[],
  name: string,
  label: string,
): { model: string } | { failure: Failure } {
  const found = findModel(models, name)
  if (found !== undefined || models.length === 0) return { model: found?.id ?? name }
  return {
    failure: {
      reason: 'model-unavailable',
      message: `${label} has no model named ${name}`,
      hint: `there are: ${models.map(({ id, aliases }) => [id, ...aliases].join(' = ')).join(', ')}`,
    },
  }
}
