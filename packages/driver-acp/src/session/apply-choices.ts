import type { Failure, SessionSpec } from '@subagent-mcp/contract'
import type { AgentProcess } from '../agent/agent-process.js'
import { chooseModel, listedModels, type Choices } from './choices.js'
import { classifyRefusal } from '../classify.js'
import type { AcpProfile } from '../profile.js'
import { setMode, setModel, type Call } from './requests.js'
import type { SessionAnswer } from './wire.js'

/** A session that was made, and what it was to be. */
export type Made = { spec: SessionSpec; sessionId: string; answer: SessionAnswer }
type Failed = { failure: Failure }

type ModelTaken = Pick<Choices, 'models' | 'modelConfigId'> & {
  chosen: string | undefined
  notes: readonly string[]
}

/** Never the agent's own choice where the profile has one: Gemini's `auto` asks another model first, at length. */
export async function takeModel(
  agent: AgentProcess,
  profile: AcpProfile,
  { spec, sessionId, answer }: Made,
): Promise<ModelTaken | Failed> {
  const { current, ...listed } = listedModels(answer, profile)
  if (listed.models.length > 0) agent.models.listed = listed.models
  const name = spec.model ?? profile.defaultModel
  const none = { ...listed, chosen: current, notes: [] }
  if (name === undefined) return none
  const chosen = chooseModel(listed.models, name, profile.label)
  if ('failure' in chosen) return chosen
  if (chosen.model === current) return none
  const set = await ask(
    agent,
    profile,
    setModel(sessionId, chosen.model, listed.modelConfigId),
    'take the model',
  )
  if (set === undefined) return { ...listed, chosen: chosen.model, notes: [] }
  if (listed.models.length > 0) return set
  // It has nothing to choose from, and no way to be told.
  return { ...none, notes: [`${profile.label} takes no model: ${name} was left out`] }
}

/** The agent's own mode for the preset; `answersOf` sees to what it asks for all the same. */
export async function takeMode(
  agent: AgentProcess,
  profile: AcpProfile,
  { spec, sessionId, answer }: Made,
): Promise<{ chosen: string | undefined; notes: readonly string[] } | Failed> {
  const permissions = spec.asksAll ? 'ask' : (spec.permissions ?? 'ask')
  const { availableModes = [], currentModeId } = answer.modes ?? {}
  const chosen = profile.modes[permissions].find((id) => availableModes.some((mode) => mode.id === id))
  if (chosen === undefined) {
    const note = `${profile.label} has no mode for ${permissions}: it decides itself what it asks for`
    return { chosen, notes: permissions === 'ask' ? [] : [note] }
  }
  if (chosen === currentModeId) return { chosen, notes: [] }
  const refused = await ask(agent, profile, setMode(sessionId, chosen), `take the mode ${chosen}`)
  return refused ?? { chosen, notes: [] }
}

async function ask(
  agent: AgentProcess,
  { label }: AcpProfile,
  call: Call,
  what: string,
): Promise<Failed | undefined> {
  const answer = await agent.request(call)
  return answer.type === 'result' ? undefined : { failure: classifyRefusal(label, what, answer) }
}
