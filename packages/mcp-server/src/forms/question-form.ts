import type { ElicitRequestFormParams } from '@modelcontextprotocol/server'
import { type Agent, type PendingApproval, type UserAnswer } from '@subagent-mcp/core'
import { z } from 'zod'
import { callLines, formHeading } from './form-lines.js'
import { visibleText } from '../answers/visible-text.js'

/** A form that a host shows its user, and how the host's result is read. */
export type QuestionForm = {
  /** The parameters of the `elicitation/create` request. */
  params: ElicitRequestFormParams
  /** Reads the user's answer after so many ms; `undefined` where the question stays open: form closed, or answered too fast for a person. */
  read(result: unknown, after: number): UserAnswer | undefined
}

/**
 * Creates the form for one permission request. It has no fields: accepting it allows the call. It has one required choice for a
 * call that only a person may allow, because hosts may accept an empty form by themselves, and for a call that is too long for
 * the form and can only be denied there.
 */
export function questionForm(agent: Agent, request: PendingApproval): QuestionForm {
  const lines = callLines(request, agent.profile.cwd)
  const choice = lines ? choiceOf(request) : tooLong
  const message = [formHeading(agent.profile, request), ...(lines ?? whereToRead)].join('\n')
  return {
    params: { mode: 'form', message, requestedSchema: schemaOf(choice) },
    read: (result, after) => readAnswer(result, after, choice),
  }
}

type Choice = { title: string; values: Readonly<Partial<Record<Chosen, string>>> }
type Chosen = 'allow' | 'leave' | 'deny'

function choiceOf({ humanOnly, by }: PendingApproval): Choice | undefined {
  if (!humanOnly) return undefined
  const why = by === undefined ? '' : ` (${visibleText(by, longestReason)})`
  return { title: `Only a person may allow it${why}`, values: { allow: 'Allow this call', deny: 'Deny it' } }
}

/** The most characters of a reason in the title of a choice, because hosts cut titles at about 46 columns. */
const longestReason = 100

const tooLong: Choice = {
  title: 'This form cannot allow it',
  values: { leave: 'Leave it open: I answer it in a terminal', deny: 'Deny it' },
}

const whereToRead = [
  'The call is too long for this form. Read all of it, and answer it, in a',
  'terminal: subagent-mcp permissions --watch',
]

/** The schema of a form. Its titles have the shape of June 2025, which later protocols still take. The user must choose: there is no default. */
function schemaOf(choice: Choice | undefined): ElicitRequestFormParams['requestedSchema'] {
  if (!choice) return { type: 'object', properties: {} }
  const { title, values } = choice
  const [names, titles] = [Object.keys(values), Object.values(values)]
  const decision = { type: 'string' as const, title, enum: names, enumNames: titles }
  return { type: 'object', properties: { decision }, required: ['decision'] }
}

/** The shortest time, in milliseconds, in which a person can read a form; a faster answer is ignored. */
export const soonestAnswer = 1_000

function readAnswer(result: unknown, after: number, choice: Choice | undefined): UserAnswer | undefined {
  const { action, content } = Result.safeParse(result).data ?? {}
  if (action === 'accept' && choice) {
    const decision = Filled.safeParse(content).data?.decision
    return decision === undefined || !(decision in choice.values) ? undefined : { decision }
  }
  // Codex declines by itself where it has nobody to ask, as in `codex exec`, and may accept where it asks nobody.
  if (after < soonestAnswer) return undefined
  if (action === 'accept') return { decision: 'allow' }
  return action === 'decline' ? { decision: 'deny', reason: 'the user declined' } : undefined
}

const Result = z.looseObject({ action: z.string(), content: z.unknown().optional() })
const Filled = z.looseObject({ decision: z.enum(['allow', 'deny']) })
