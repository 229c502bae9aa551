import type { Failure, SessionSpec } from '@subagent-mcp/contract'
import { calledOff, type JsonRpcAnswer, type MadeConversation } from '@subagent-mcp/driver-kit'
import type { AgentProcess } from './agent-process.js'
import { chooseModel, listedModels, type Choices } from './choices.js'
import { authRequired, classifyRefusal } from './classify.js'
import { newConversation, type Conversation } from './conversation.js'
import type { AcpProfile } from './profile.js'
import { closeSession, loadSession, newSession, ping, setMode, setModel, type Call } from './requests.js'
import { SessionAnswer } from './wire.js'

type Failed = { failure: Failure }

/** Makes or loads a session and brings it to the model and the mode that are asked for. Never rejects. */
export async function openConversation(
  agent: AgentProcess,
  profile: AcpProfile,
  spec: SessionSpec,
  signal: AbortSignal,
): Promise<MadeConversation<Conversation>> {
  const { resumeSessionId } = spec
  if (resumeSessionId !== undefined && agent.carries(resumeSessionId))
    return { type: 'failed', failure: isOpen }
  const made = await agent.makeNext(() =>
    signal.aborted ? Promise.resolve({ failure: calledOff }) : makeSession(agent, profile, spec),
  )
  if ('failure' in made) return { type: 'failed', ...made }
  const { sessionId, answer } = made
  const model = await takeModel(agent, profile, { spec, sessionId, answer })
  if ('failure' in model) return dropped(agent, sessionId, model)
  const mode = await takeMode(agent, profile, { spec, sessionId, answer })
  if ('failure' in mode) return dropped(agent, sessionId, mode)
  const choices: Choices = {
    label: profile.label,
    cwd: spec.cwd,
    models: model.models,
    modelConfigId: model.modelConfigId,
    model: model.chosen,
    mode: mode.chosen,
    preamble: spec.appendSystemPrompt,
    answers: answersOf(spec),
    closes: agent.can.close,
  }
  const conversation = newConversation(sessionId, choices)
  const effort = spec.effort === undefined ? [] : [effortNote(profile)]
  const who = { sessionId, ...(model.chosen !== undefined && { model: model.chosen }) }
  const notes = [...effort, ...model.notes, ...mode.notes]
  return { type: 'opened', conversation, who, notes, resumable: agent.can.load }
}

const isOpen: Failure = {
  reason: 'bad-request',
  message: 'this session is open already: another agent runs it',
}

/** Puts away a session that cannot be what was asked for. */
function dropped(
  agent: AgentProcess,
  sessionId: string,
  { failure }: Failed,
): { type: 'failed'; failure: Failure } {
  if (agent.can.close) void agent.request(closeSession(sessionId))
  return { type: 'failed', failure }
}

/** What is said to a caller who asks for an effort: ACP has no word for it. */
export function effortNote({ label }: AcpProfile): string {
  return `${label} takes no effort: it was left out`
}

type Answered = { sessionId: string; answer: SessionAnswer }

/** Asks for a session, a new one or an earlier one. */
export async function makeSession(
  agent: AgentProcess,
  profile: AcpProfile,
  { cwd, resumeSessionId, environment }: Pick<SessionSpec, 'cwd' | 'resumeSessionId' | 'environment'>,
): Promise<Answered | Failed> {
  const { label } = profile
  if (resumeSessionId === undefined)
    return readSession(await askSignedIn(agent, profile, newSession(cwd)), profile)
  if (!agent.can.load) {
    return { failure: { reason: 'bad-request', message: `${label} cannot take up an earlier session` } }
  }
  profile.beforeLoad?.(resumeSessionId, environment)
  const answer = await askSignedIn(agent, profile, loadSession(resumeSessionId, cwd))
  profile.afterLoad?.(resumeSessionId, environment)
  const loaded = readSession(answer, profile, resumeSessionId)
  if (!('failure' in loaded)) await hearHistory(agent, resumeSessionId)
  return loaded
}

/** Asks once more when the agent wants to be signed in first. */
async function askSignedIn(agent: AgentProcess, { auth }: AcpProfile, call: Call): Promise<JsonRpcAnswer> {
  const answer = await agent.request(call)
  if (auth === undefined || answer.type !== 'error' || answer.code !== authRequired) return answer
  const signedIn = await agent.request({ method: 'authenticate', params: { methodId: auth } })
  return signedIn.type === 'result' ? agent.request(call) : signedIn
}

function readSession(answer: JsonRpcAnswer, profile: AcpProfile, resumed?: string): Answered | Failed {
  const { data } = SessionAnswer.safeParse(answer.type === 'result' ? (answer.result ?? {}) : undefined)
  const sessionId = resumed ?? data?.sessionId
  if (data !== undefined && sessionId !== undefined) return { sessionId, answer: data }
  const failure = classifyRefusal(profile.label, 'open a session', answer)
  const hint = failure.reason === 'not-signed-in' ? { hint: profile.signInHint } : {}
  return { failure: { ...failure, ...hint } }
}

/**
 * Lets pass what the agent tells of an earlier session: Gemini does it after it has answered. It is at its end when a
 * request comes back with nothing before it.
 */
async function hearHistory(agent: AgentProcess, sessionId: string): Promise<void> {
  let heard = 0
  const unfollow = agent.follow(sessionId, {
    hear: () => (heard += 1),
    asked: () => 'unknown',
    retried: () => undefined,
    asksModel: () => undefined,
  })
  for (let round = 0; round < historyRounds; round += 1) {
    heard = 0
    await agent.request(ping)
    if (heard === 0) break
  }
  unfollow()
}

/** An agent that always has news does not keep a session from opening. */
const historyRounds = 50

type Made = { spec: SessionSpec; sessionId: string; answer: SessionAnswer }
type ModelTaken = Pick<Choices, 'models' | 'modelConfigId'> & {
  chosen: string | undefined
  notes: readonly string[]
}

/** Never the agent's own choice where the profile has one: Gemini's `auto` asks another model first, at length. */
async function takeModel(
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
async function takeMode(
  agent: AgentProcess,
  profile: AcpProfile,
  { spec, sessionId, answer }: Made,
): Promise<{ chosen: string | undefined; notes: readonly string[] } | Failed> {
  const { permissions = 'ask' } = spec
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

function answersOf({ permissions }: SessionSpec): Choices['answers'] {
  if (permissions === 'full-auto') return 'allows'
  return permissions === 'read-only' ? 'denies' : 'asks'
}
