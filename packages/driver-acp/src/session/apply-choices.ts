import type { Failure, SessionSpec } from '@subagent-mcp/contract'
import type { AcpAgentProcess } from '../agent/agent-process.js'
import { findAcpModelId, readAcpModels, type AcpSessionChoices } from './choices.js'
import { classifyAcpRefusal } from '../classify.js'
import type { AcpProfile } from '../profile.js'
import { createSetModeRequest, createSetModelRequest, type AcpRequest } from './requests.js'
import type { AcpSessionAnswer } from './wire.js'

/** An opened ACP session: its id, the agent's answer, and the spec whose model and mode are to be set. */
export type OpenedAcpSession = { spec: SessionSpec; sessionId: string; answer: AcpSessionAnswer }
type Failed = { failure: Failure }

type ModelTaken = Pick<AcpSessionChoices, 'models' | 'modelConfigId'> & {
  chosen: string | undefined
  notes: readonly string[]
}

/** Sets the model of a session. A profile's default model wins over the agent's own choice, because Gemini's `auto` first asks another model. */
export async function setAcpModel(
  agent: AcpAgentProcess,
  profile: AcpProfile,
  { spec, sessionId, answer }: OpenedAcpSession,
): Promise<ModelTaken | Failed> {
  const { current, ...listed } = readAcpModels(answer, profile)
  if (listed.models.length > 0) agent.models.listed = listed.models
  const name = spec.model ?? profile.defaultModel
  const none = { ...listed, chosen: current, notes: [] }
  if (name === undefined) return none
  const chosen = findAcpModelId(listed.models, name, profile.label)
  if ('failure' in chosen) return chosen
  if (chosen.model === current) return none
  const set = await ask(
    agent,
    profile,
    createSetModelRequest(sessionId, chosen.model, listed.modelConfigId),
    'take the model',
  )
  if (set === undefined) return { ...listed, chosen: chosen.model, notes: [] }
  if (listed.models.length > 0) return set
  // The agent lists no models and has no request for one.
  return { ...none, notes: [`${profile.label} takes no model: ${name} was left out`] }
}

/** Sets the agent's mode for the preset. Calls that still ask are answered by `answersOf`. */
export async function setAcpMode(
  agent: AcpAgentProcess,
  profile: AcpProfile,
  { spec, sessionId, answer }: OpenedAcpSession,
): Promise<{ chosen: string | undefined; notes: readonly string[] } | Failed> {
  const permissions = spec.asksAll ? 'ask' : (spec.permissions ?? 'ask')
  const { availableModes = [], currentModeId } = answer.modes ?? {}
  const chosen = profile.modes[permissions].find((id) => availableModes.some((mode) => mode.id === id))
  if (chosen === undefined) {
    const note = `${profile.label} has no mode for ${permissions}: it decides itself what it asks for`
    return { chosen, notes: permissions === 'ask' ? [] : [note] }
  }
  if (chosen === currentModeId) return { chosen, notes: [] }
  const refused = await ask(
    agent,
    profile,
    createSetModeRequest(sessionId, chosen),
    `take the mode ${chosen}`,
  )
  return refused ?? { chosen, notes: [] }
}

async function ask(
  agent: AcpAgentProcess,
  { label }: AcpProfile,
  call: AcpRequest,
  what: string,
): Promise<Failed | undefined> {
  const answer = await agent.request(call)
  return answer.type === 'result' ? undefined : { failure: classifyAcpRefusal(label, what, answer) }
}
