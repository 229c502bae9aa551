import type { McpServer } from '@agentclientprotocol/sdk'
import { omitUndefined, type Failure, type SessionSpec } from '@subagent-mcp/contract'
import {
  launchAbortFailure,
  sessionIsOpenFailure,
  type JsonRpcOutcome,
  type OpenedConversation,
} from '@subagent-mcp/driver-kit'
import { randomUUID } from 'node:crypto'
import type { AcpAgentProcess } from '../agent/agent-process.js'
import type { AcpSessionChoices } from './choices.js'
import { authRequiredErrorCode, classifyAcpRefusal } from '../classify.js'
import { createAcpConversation, formatMcpServerMark, type AcpConversation } from './conversation.js'
import { markMcpServers, toAcpMcpServers } from './mcp-servers.js'
import type { AcpProfile } from '../profile.js'
import {
  createCloseSessionRequest,
  createLoadSessionRequest,
  createNewSessionRequest,
  acpPingRequest,
  type AcpRequest,
} from './requests.js'
import { setAcpMode, setAcpModel } from './apply-choices.js'
import { readAcpSessionCost } from './translate.js'
import { AcpSessionAnswer } from './wire.js'

type Failed = { failure: Failure }

/** Opens or loads an ACP session, and sets its model and mode. Never rejects. */
export async function openAcpConversation(
  agent: AcpAgentProcess,
  profile: AcpProfile,
  spec: SessionSpec,
  signal: AbortSignal,
): Promise<OpenedConversation<AcpConversation>> {
  const { resumeSessionId } = spec
  if (resumeSessionId !== undefined && agent.carries(resumeSessionId))
    return { type: 'failed', failure: sessionIsOpenFailure }
  const own = toAcpMcpServers(spec, profile.label, agent.can)
  if ('failure' in own) return { type: 'failed', ...own }
  const { servers } = own
  const mark = randomUUID()
  const mcpServers = markMcpServers(servers, formatMcpServerMark({ mark }, 0))
  const opened = await agent.inSequence(() =>
    signal.aborted
      ? Promise.resolve({ failure: launchAbortFailure })
      : requestAcpSession(agent, profile, spec, mcpServers),
  )
  if ('failure' in opened) return { type: 'failed', ...opened }
  const { sessionId, answer, cost } = opened
  const model = await setAcpModel(agent, profile, { spec, sessionId, answer })
  if ('failure' in model) return discard(agent, sessionId, model)
  const mode = await setAcpMode(agent, profile, { spec, sessionId, answer })
  if ('failure' in mode) return discard(agent, sessionId, mode)
  const choices: AcpSessionChoices = {
    label: profile.label,
    cwd: spec.cwd,
    models: model.models,
    modelConfigId: model.modelConfigId,
    model: model.chosen,
    mode: mode.chosen,
    preamble: spec.appendSystemPrompt,
    answers: answersOf(spec),
    takesImages: agent.can.image,
    servers,
    mark,
  }
  const conversation = { ...createAcpConversation(sessionId, choices), cost }
  const effort = spec.effort === undefined ? [] : [createUnsupportedEffortNote(profile)]
  const identity = { sessionId, ...omitUndefined({ model: model.chosen }) }
  const kept = spec.ephemeral && profile.forget === undefined ? [keptNote(profile)] : []
  // `read-only` promises more than such an agent keeps; for other presets the documentation says it.
  const unasked = spec.asksAll && spec.permissions === 'read-only' ? [unaskedNote(profile)] : []
  const notes = [...effort, ...model.notes, ...mode.notes, ...kept, ...unasked]
  return { type: 'opened', conversation, identity, notes, resumable: agent.can.load && !spec.ephemeral }
}

function answersOf({ permissions, asksAll }: SessionSpec): AcpSessionChoices['answers'] {
  if (asksAll) return 'asks'
  if (permissions === 'full-auto') return 'allows'
  return permissions === 'read-only' ? 'denies' : 'asks'
}

/** Closes an opened ACP session that cannot have its model or mode. */
function discard(
  agent: AcpAgentProcess,
  sessionId: string,
  { failure }: Failed,
): { type: 'failed'; failure: Failure } {
  if (agent.can.close) void agent.request(createCloseSessionRequest(sessionId))
  return { type: 'failed', failure }
}

/** The note for a launch with an effort, which ACP does not have. */
export function createUnsupportedEffortNote({ label }: AcpProfile): string {
  return `${label} takes no effort: it was left out`
}

function keptNote({ label }: AcpProfile): string {
  return `what ${label} itself keeps on disk of a session stays there: it cannot be told not to`
}

function unaskedNote({ label, unasked = 'what it lets pass by itself' }: AcpProfile): string {
  return `${label} does not ask for ${unasked}: rules about these do not hold there`
}

type Answered = { sessionId: string; answer: AcpSessionAnswer }
/** An opened ACP session; `cost` is what it cost before in US dollars, or missing when the agent reports none. */
type Opened = Answered & { cost: number | undefined }

/** Asks the ACP agent for a new session, or to load an earlier one. */
export async function requestAcpSession(
  agent: AcpAgentProcess,
  profile: AcpProfile,
  { cwd, resumeSessionId, environment }: Pick<SessionSpec, 'cwd' | 'resumeSessionId' | 'environment'>,
  mcpServers: McpServer[] = [],
): Promise<Opened | Failed> {
  const { label } = profile
  if (resumeSessionId === undefined) {
    const opened = readSession(
      await askSignedIn(agent, profile, createNewSessionRequest(cwd, mcpServers)),
      profile,
    )
    return 'failure' in opened ? opened : { ...opened, cost: 0 }
  }
  if (!agent.can.load) {
    return { failure: { reason: 'bad-request', message: `${label} cannot resume an earlier session` } }
  }
  const history = followHistory(agent, resumeSessionId)
  profile.beforeLoad?.(resumeSessionId, environment)
  const answer = await askSignedIn(agent, profile, createLoadSessionRequest(resumeSessionId, cwd, mcpServers))
  profile.afterLoad?.(resumeSessionId, environment)
  const loaded = readSession(answer, profile, resumeSessionId)
  const cost = await history.end('failure' in loaded ? 0 : historyRounds)
  return 'failure' in loaded ? loaded : { ...loaded, cost }
}

/** Sends a request to the ACP agent; when it requires a sign-in, signs in and sends the request again. */
async function askSignedIn(
  agent: AcpAgentProcess,
  { auth }: AcpProfile,
  call: AcpRequest,
): Promise<JsonRpcOutcome> {
  const answer = await agent.request(call)
  if (auth === undefined || answer.type !== 'error' || answer.code !== authRequiredErrorCode) return answer
  const signedIn = await agent.request({ method: 'authenticate', params: { methodId: auth } })
  return signedIn.type === 'result' ? agent.request(call) : signedIn
}

function readSession(answer: JsonRpcOutcome, profile: AcpProfile, resumed?: string): Answered | Failed {
  const { data } = AcpSessionAnswer.safeParse(answer.type === 'result' ? (answer.result ?? {}) : undefined)
  const sessionId = resumed ?? data?.sessionId
  if (data !== undefined && sessionId !== undefined) return { sessionId, answer: data }
  const failure = classifyAcpRefusal(profile.label, 'open a session', answer)
  const hint = failure.reason === 'not-signed-in' ? { hint: profile.signInHint } : {}
  return { failure: { ...failure, ...hint } }
}

/**
 * Drops the history of a loaded session, and keeps its cost. Agents send the history before the answer, Gemini after it.
 * So `end` sends pings until one is answered with nothing before it, at most `rounds` of them, and resolves to the cost.
 */
function followHistory(agent: AcpAgentProcess, sessionId: string) {
  let received = 0
  let cost: number | undefined
  const unfollow = agent.follow(sessionId, {
    onNotification: ({ params }) => {
      received += 1
      cost = readAcpSessionCost(params) ?? cost
    },
    onRequest: () => 'unknown',
    onRetry: () => undefined,
    modelRequest: () => undefined,
    isBusy: () => false,
  })
  return {
    end: async (rounds: number): Promise<number | undefined> => {
      for (let round = 0; round < rounds; round += 1) {
        received = 0
        await agent.request(acpPingRequest)
        if (received === 0) break
      }
      unfollow()
      return cost
    },
  }
}

/** The most pings after a session was loaded, so that an agent with endless updates does not block the opening. */
const historyRounds = 50
