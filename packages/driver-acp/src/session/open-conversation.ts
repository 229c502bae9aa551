import type { McpServer } from '@agentclientprotocol/sdk'
import { defined, type Failure, type SessionSpec } from '@subagent-mcp/contract'
import { calledOff, type JsonRpcAnswer, type MadeConversation } from '@subagent-mcp/driver-kit'
import { randomUUID } from 'node:crypto'
import type { AgentProcess } from '../agent/agent-process.js'
import type { Choices } from './choices.js'
import { authRequired, classifyRefusal } from '../classify.js'
import { newConversation, serversMark, type Conversation } from './conversation.js'
import { markServers, readMcpServers } from './mcp-servers.js'
import type { AcpProfile } from '../profile.js'
import { closeSession, loadSession, newSession, ping, type Call } from './requests.js'
import { takeMode, takeModel } from './apply-choices.js'
import { costIn } from './translate.js'
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
  const own = readMcpServers(spec, profile.label, agent.can)
  if ('failure' in own) return { type: 'failed', ...own }
  const { servers } = own
  const mark = randomUUID()
  const mcpServers = markServers(servers, serversMark({ mark }, 0))
  const made = await agent.makeNext(() =>
    signal.aborted ? Promise.resolve({ failure: calledOff }) : makeSession(agent, profile, spec, mcpServers),
  )
  if ('failure' in made) return { type: 'failed', ...made }
  const { sessionId, answer, cost } = made
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
    servers,
    mark,
  }
  const conversation = { ...newConversation(sessionId, choices), cost }
  const effort = spec.effort === undefined ? [] : [effortNote(profile)]
  const who = { sessionId, ...defined({ model: model.chosen }) }
  const kept = spec.ephemeral && profile.forget === undefined ? [keptNote(profile)] : []
  // Of `read-only` more is promised than it keeps; elsewhere the documentation says it.
  const unasked = spec.asksAll && spec.permissions === 'read-only' ? [unaskedNote(profile)] : []
  const notes = [...effort, ...model.notes, ...mode.notes, ...kept, ...unasked]
  return { type: 'opened', conversation, who, notes, resumable: agent.can.load && !spec.ephemeral }
}

function answersOf({ permissions, asksAll }: SessionSpec): Choices['answers'] {
  if (asksAll) return 'asks'
  if (permissions === 'full-auto') return 'allows'
  return permissions === 'read-only' ? 'denies' : 'asks'
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

function keptNote({ label }: AcpProfile): string {
  return `what ${label} itself keeps on disk of a session stays there: it cannot be told not to`
}

function unaskedNote({ label, unasked = 'what it lets pass by itself' }: AcpProfile): string {
  return `${label} does not ask for ${unasked}: rules about these do not hold there`
}

type Answered = { sessionId: string; answer: SessionAnswer }
/** `cost`: dollars that it has cost before, missing where the agent does not say. */
type Made = Answered & { cost: number | undefined }

/** Asks for a session, a new one or an earlier one. */
export async function makeSession(
  agent: AgentProcess,
  profile: AcpProfile,
  { cwd, resumeSessionId, environment }: Pick<SessionSpec, 'cwd' | 'resumeSessionId' | 'environment'>,
  mcpServers: McpServer[] = [],
): Promise<Made | Failed> {
  const { label } = profile
  if (resumeSessionId === undefined) {
    const made = readSession(await askSignedIn(agent, profile, newSession(cwd, mcpServers)), profile)
    return 'failure' in made ? made : { ...made, cost: 0 }
  }
  if (!agent.can.load) {
    return { failure: { reason: 'bad-request', message: `${label} cannot take up an earlier session` } }
  }
  const history = followHistory(agent, resumeSessionId)
  profile.beforeLoad?.(resumeSessionId, environment)
  const answer = await askSignedIn(agent, profile, loadSession(resumeSessionId, cwd, mcpServers))
  profile.afterLoad?.(resumeSessionId, environment)
  const loaded = readSession(answer, profile, resumeSessionId)
  const cost = await history.end('failure' in loaded ? 0 : historyRounds)
  return 'failure' in loaded ? loaded : { ...loaded, cost }
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
 * Lets pass what the agent tells of an earlier session, less its cost: some do it before they answer, Gemini after that.
 * `end` resolves with the cost when a request comes back with nothing before it, or after so many requests.
 */
function followHistory(agent: AgentProcess, sessionId: string) {
  let heard = 0
  let cost: number | undefined
  const unfollow = agent.follow(sessionId, {
    hear: ({ params }) => {
      heard += 1
      cost = costIn(params) ?? cost
    },
    asked: () => 'unknown',
    retried: () => undefined,
    asksModel: () => undefined,
    isBusy: () => false,
  })
  return {
    end: async (rounds: number): Promise<number | undefined> => {
      for (let round = 0; round < rounds; round += 1) {
        heard = 0
        await agent.request(ping)
        if (heard === 0) break
      }
      unfollow()
      return cost
    },
  }
}

/** An agent that always has news does not keep a session from opening. */
const historyRounds = 50
