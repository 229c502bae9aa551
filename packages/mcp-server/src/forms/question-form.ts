import type { ElicitRequestFormParams } from '@modelcontextprotocol/server'
import { type Agent, type PendingApproval, type UserPermissionAnswer } from '@subagent-mcp/core'
import { z } from 'zod'
import { wrapToolCallForForm, formatPermissionFormHeading } from './form-lines.js'
import { revealInvisibleCharacters } from '../answers/reveal-invisible-characters.js'

/** A form that a host shows its user, and the function that reads the host's result. */
export type ReadablePermissionForm = {
  /** The parameters of the `elicitation/create` request. */
  params: ElicitRequestFormParams
  /**
   * Reads the user's answer; the second argument is the time that the form was shown, in milliseconds. Returns `undefined` if the
   * request stays open: the form was closed, or was answered faster than a person can.
   */
  read(result: unknown, after: number): UserPermissionAnswer | undefined
}

/**
 * Creates the form for one permission request. Usually the form has no fields, and accepting it allows the call. In two cases the form
 * has one required choice: if only a person may allow the call, because hosts may accept an empty form by themselves; and if the call
 * is too long for the form, so that it can only be denied there.
 */
export function createPermissionForm(agent: Agent, request: PendingApproval): ReadablePermissionForm {
  const lines = wrapToolCallForForm(request, agent.profile.cwd)
  const choice = lines ? choiceOf(request) : tooLong
  const message = [formatPermissionFormHeading(agent.profile, request), ...(lines ?? whereToRead)].join('\n')
  return {
    params: { mode: 'form', message, requestedSchema: schemaOf(choice) },
    read: (result, after) => readAnswer(result, after, choice),
  }
}

type Choice = { title: string; values: Readonly<Partial<Record<Chosen, string>>> }
type Chosen = 'allow' | 'leave' | 'deny'

function choiceOf({ humanOnly, by }: PendingApproval): Choice | undefined {
  if (!humanOnly) return undefined
  const why = by === undefined ? '' : ` (${revealInvisibleCharacters(by, longestReason)})`
  return { title: `Only a person may allow it${why}`, values: { allow: 'Allow this call', deny: 'Deny it' } }
}

/** The most characters of a reason in the title of a form's choice, because hosts cut titles at about 46 columns. */
const longestReason = 100

const tooLong: Choice = {
  title: 'This form cannot allow it',
  values: { leave: 'Leave it open: I answer it in a terminal', deny: 'Deny it' },
}

const whereToRead = [
  'The call is too long for this form. Read all of it, and answer it, in a',
  'terminal: subagent-mcp permissions --watch',
]

/**
 * The schema of a form with one required choice without a default. Titles are given as in the protocol of June 2025, which later
 * ones accept, too.
 */
function schemaOf(choice: Choice | undefined): ElicitRequestFormParams['requestedSchema'] {
  if (!choice) return { type: 'object', properties: {} }
  const { title, values } = choice
  const [names, titles] = [Object.keys(values), Object.values(values)]
  const decision = { type: 'string' as const, title, enum: names, enumNames: titles }
  return { type: 'object', properties: { decision }, required: ['decision'] }
}

/** The shortest time, in milliseconds, in which a person can read a form; a faster answer is ignored. */
export const minHumanAnswerMs = 1_000

function readAnswer(
  result: unknown,
  after: number,
  choice: Choice | undefined,
): UserPermissionAnswer | undefined {
  const { action, content } = Result.safeParse(result).data ?? {}
  if (action === 'accept' && choice) {
    const decision = Filled.safeParse(content).data?.decision
    return decision === undefined || !(decision in choice.values) ? undefined : { decision }
  }
  // Codex declines a form by itself where it has no user, as in `codex exec`, and may accept it if its settings say to ask
  // nothing.
  if (after < minHumanAnswerMs) return undefined
  if (action === 'accept') return { decision: 'allow' }
  return action === 'decline' ? { decision: 'deny', reason: 'the user declined' } : undefined
}

const Result = z.looseObject({ action: z.string(), content: z.unknown().optional() })
const Filled = z.looseObject({ decision: z.enum(['allow', 'deny']) })
