import { omitUndefined, type Failure, type Model, parseJson, type SessionSpec } from '@subagent-mcp/contract'
import { classifyClaudeResult } from '../classify.js'
import { compareAppliedEffort } from '../launch/effort.js'
import { readClaudeModels, checkClaudeModelExists } from '../launch/model-list.js'
import { createControlRequestLine } from './requests.js'
import { ClaudeLine, type AppliedSettings, type ListedModel } from './wire.js'

/** The exchange with a new `claude` process that makes it ready for prompts. */
export type ClaudeHandshake = {
  /** The request lines of the handshake, written immediately. Claude answers them in this order. */
  lines: readonly string[]
  /** Reads a line from `claude`. Returns the handshake's outcome once, undefined for other lines. */
  onLine(text: string): HandshakeOutcome | undefined
}

/** The outcome of a handshake with `claude`; `notes` name launch options that were left out. */
export type HandshakeOutcome =
  | { type: 'ready'; models: readonly Model[]; notes: readonly string[] }
  | { type: 'failed'; failure: Failure }

/** The id of the `initialize` request to Claude, which opens a session. */
export const initializeRequestId = 'handshake'

const settingsId = 'handshake-settings'
const getSettings = createControlRequestLine(settingsId, { subtype: 'get_settings' })

/**
 * Creates the handshake for a session with a model and an effort. Claude starts with any values and silently replaces those that
 * it does not support. So an unknown model is a failure here, and after an effort was given, the handshake also asks Claude
 * which effort it applies.
 */
export function createClaudeHandshake(
  asked: Pick<SessionSpec, 'model' | 'effort' | 'outputSchema'>,
): ClaudeHandshake {
  const { model, effort, outputSchema: jsonSchema } = asked
  const initialize = createControlRequestLine(initializeRequestId, {
    subtype: 'initialize',
    hooks: {},
    ...omitUndefined({ jsonSchema }),
  })
  let listed: readonly ListedModel[] = []
  return {
    lines: effort === undefined ? [initialize] : [initialize, getSettings],
    onLine: (text) => {
      const line = ClaudeLine.safeParse(parseJson(text)).data
      if (line?.type === 'result' && line.is_error) {
        return failed(classifyClaudeResult(line, { word: undefined, limitEndsAt: undefined }))
      }
      if (line?.type !== 'control_response') return undefined
      const { request_id: id, error, response } = line.response
      if (id === settingsId) return judgeEffort(response?.applied, effort, readClaudeModels(listed))
      if (id !== initializeRequestId) return undefined
      if (error !== undefined) return failed(refusedToStart(error))
      listed = response?.models ?? []
      const unknown = checkClaudeModelExists(model, listed)
      if (unknown !== undefined) return failed(unknown)
      return effort === undefined ? ready(readClaudeModels(listed)) : undefined
    },
  }
}

type Effort = SessionSpec['effort']

function judgeEffort(
  applied: AppliedSettings | undefined,
  effort: Effort,
  models: readonly Model[],
): HandshakeOutcome {
  // Older versions do not report the effort that they apply.
  if (applied === undefined || effort === undefined) return ready(models)
  const taken = compareAppliedEffort(effort, applied)
  if (taken.type === 'taken') return ready(models)
  if (taken.type === 'none') return ready(models, [taken.message])
  const takes = models.find(({ id }) => id === applied.model)?.efforts ?? []
  const hint = takes.length === 0 ? {} : { hint: `it takes ${takes.join(', ')}` }
  return failed({ reason: 'bad-request', message: taken.message, ...hint })
}

function ready(models: readonly Model[], notes: readonly string[] = []): HandshakeOutcome {
  return { type: 'ready', models, notes }
}

function failed(failure: Failure): HandshakeOutcome {
  return { type: 'failed', failure }
}

function refusedToStart(error: string): Failure {
  return { reason: 'protocol', message: `claude refused to start a session: ${error}` }
}
