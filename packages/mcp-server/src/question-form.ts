import type { ElicitRequestFormParams } from '@modelcontextprotocol/server'
import { describeCall, type Agent, type PendingApproval, type UserAnswer } from '@subagent-mcp/core'
import { z } from 'zod'
import { visibleText } from './visible-text.js'

/** Characters of a call that a person is shown, and of the names around it. */
const shownCall = 3_000
const shownName = 300

/** Milliseconds in which no person has read a form. */
const soonest = 1_000

/** What `elicitation/create` asks a host to show its user. */
export function questionForm(agent: Agent, request: PendingApproval): ElicitRequestFormParams {
  return { mode: 'form', message: message(agent, request), requestedSchema }
}

/** What the user said after so many milliseconds; `undefined` where it cannot be told, or the user closed the form. */
export function readAnswer(result: unknown, after: number): UserAnswer | undefined {
  const { action, content } = Result.safeParse(result).data ?? {}
  // Codex declines by itself where it has nobody to ask, `codex exec` say.
  if (action === 'decline' && after < soonest) return undefined
  if (action === 'decline') return { decision: 'deny', reason: 'the user declined' }
  const filled = action === 'accept' ? Filled.safeParse(content).data : undefined
  if (!filled) return undefined
  const reason = filled.reason?.trim()
  return { decision: filled.decision, ...(reason && { reason }) }
}

function message({ profile, route }: Agent, request: PendingApproval): string {
  const { id, name, cwd } = profile
  const who = name === undefined ? id : `${id} "${name}"`
  const why = request.humanOnly ? 'only a person may allow it' : 'its permissions leave it open'
  return [
    `Sub-agent ${shortly(who)} (${shortly(route.current.provider)}) in ${shortly(cwd)} asks to use:`,
    visibleText(describeCall(request), shownCall),
    [
      `Why it asks: ${why}${request.by === undefined ? '' : ` (${shortly(request.by)})`}.`,
      ...(request.until === undefined ? [] : [`Denied at ${clockTime(request.until)} if nobody answers.`]),
    ].join('\n'),
  ].join('\n\n')
}

function shortly(text: string): string {
  return visibleText(text, shownName)
}

/** As the user's own clock shows it. */
function clockTime(at: number): string {
  const date = new Date(at)
  return [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':')
}

/** Titles as in the protocol of June 2025, which later ones still take. No default: an answer is the user's own. */
const requestedSchema: ElicitRequestFormParams['requestedSchema'] = {
  type: 'object',
  properties: {
    decision: {
      type: 'string',
      title: 'Decision',
      enum: ['allow', 'deny'],
      enumNames: ['Allow this call', 'Deny it'],
    },
    reason: { type: 'string', title: 'Reason', description: 'Told to the agent when you deny' },
  },
  required: ['decision'],
}

const Result = z.looseObject({ action: z.string(), content: z.unknown().optional() })
const Filled = z.looseObject({ decision: z.enum(['allow', 'deny']), reason: z.string().optional() })
