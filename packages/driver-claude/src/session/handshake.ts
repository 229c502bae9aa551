import { type Failure, type Model, parseJson, type SessionSpec } from '@subagent-mcp/contract'
import { classifyResult } from '../classify.js'
import { effortTaken } from '../launch/effort.js'
import { modelsOf, unknownModel } from '../launch/model-list.js'
import { request } from './requests.js'
import { ClaudeLine, type AppliedSettings, type ListedModel } from './wire.js'

/** What comes before a session: a process is asked to get ready, and says what it has. */
export type Handshake = {
  /** Written at once; answered in this order. */
  lines: readonly string[]
  /** Takes a line of the process; tells once that it is ready, or why it will not be. */
  hear(text: string): Readiness | undefined
}

/** Whether a process takes a prompt; `notes` say what is not as it was asked for. */
export type Readiness =
  | { type: 'ready'; models: readonly Model[]; notes: readonly string[] }
  | { type: 'failed'; failure: Failure }

/** The id of the request that opens a session. */
export const handshakeId = 'handshake'

const settingsId = 'handshake-settings'
const initialize = request(handshakeId, { subtype: 'initialize', hooks: {} })
const getSettings = request(settingsId, { subtype: 'get_settings' })

/** The CLI takes any model and any effort, and makes of them what it can: with an effort it is asked what that is. */
export function createHandshake(asked: Pick<SessionSpec, 'model' | 'effort'>): Handshake {
  const { model, effort } = asked
  let listed: readonly ListedModel[] = []
  return {
    lines: effort === undefined ? [initialize] : [initialize, getSettings],
    hear: (text) => {
      const line = ClaudeLine.safeParse(parseJson(text)).data
      if (line?.type === 'result' && line.is_error) {
        return failed(classifyResult(line, { word: undefined, limitEndsAt: undefined }))
      }
      if (line?.type !== 'control_response') return undefined
      const { request_id: id, error, response } = line.response
      if (id === settingsId) return judgeEffort(response?.applied, effort, modelsOf(listed))
      if (id !== handshakeId) return undefined
      if (error !== undefined) return failed(refusedToStart(error))
      listed = response?.models ?? []
      const unknown = unknownModel(model, listed)
      if (unknown !== undefined) return failed(unknown)
      return effort === undefined ? ready(modelsOf(listed)) : undefined
    },
  }
}

type Effort = SessionSpec['effort']

function judgeEffort(
  applied: AppliedSettings | undefined,
  effort: Effort,
  models: readonly Model[],
): Readiness {
  // A version that does not say what it applies has made of it what it could.
  if (applied === undefined || effort === undefined) return ready(models)
  const taken = effortTaken(effort, applied)
  if (taken.type === 'taken') return ready(models)
  if (taken.type === 'none') return ready(models, [taken.message])
  const takes = models.find(({ id }) => id === applied.model)?.efforts ?? []
  const hint = takes.length === 0 ? {} : { hint: `it takes ${takes.join(', ')}` }
  return failed({ reason: 'bad-request', message: taken.message, ...hint })
}

function ready(models: readonly Model[], notes: readonly string[] = []): Readiness {
  return { type: 'ready', models, notes }
}

function failed(failure: Failure): Readiness {
  return { type: 'failed', failure }
}

function refusedToStart(error: string): Failure {
  return { reason: 'protocol', message: `claude refused to start a session: ${error}` }
}
