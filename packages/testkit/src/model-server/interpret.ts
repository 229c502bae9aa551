import { newestUserText, userTexts, type Conversation } from './conversation.js'
import { parseDirectives } from './directives.js'
import type { Dialect } from './dialects/dialect.js'
import { recallAnswer } from './recollection.js'
import type { Reply, ReplyStep, Step } from './step.js'

/**
 * Answers a user text that contains the string or fits the expression, instead of the text's own directives; with
 * `to` only in that dialect, so that one provider can fail where another works. Steps that depend on the text, as on an
 * id in it, are read from it.
 */
export type Rule = {
  match: string | RegExp
  to?: Dialect['name']
  steps: readonly Step[] | ((userText: string) => readonly Step[])
}

/**
 * Decides what the scripted model answers. The position in a script is read off the conversation itself (the tool calls since the
 * newest user text), so side requests of a CLI use nothing up and any session can be resumed.
 */
export function planReply(conversation: Conversation, rules: readonly Rule[], earlierTries: number): Reply {
  const userText = newestUserText(conversation) ?? ''
  const rule = rules.find((each) => fits(each, userText))
  const script = rule ? stepsOf(rule, userText) : parseDirectives(userText)
  const steps = partAfter(script, toolCallsSinceUser(conversation)).filter(
    (step) => !('times' in step && step.times !== undefined && earlierTries >= step.times),
  )
  const played = steps.flatMap((step) => playable(step, conversation))
  const usage = steps.find((step) => step.type === 'usage') ?? {}
  const settled = played.some(settles) ? played : [...played, plainAnswer(conversation)]
  return { steps: settled.filter((step) => step.type !== 'say' || step.text !== ''), usage }
}

function fits({ match }: Rule, userText: string): boolean {
  return typeof match === 'string' ? userText.includes(match) : userText.search(match) !== -1
}

function stepsOf({ steps }: Rule, userText: string): readonly Step[] {
  return typeof steps === 'function' ? steps(userText) : steps
}

function toolCallsSinceUser(conversation: Conversation): number {
  const start = conversation.findLastIndex((turn) => turn.type === 'user-said')
  return conversation.slice(start + 1).filter((turn) => turn.type === 'tool-called').length
}

/** Returns the steps of a script after the given number of tool calls, up to and with the next call. */
function partAfter(script: readonly Step[], toolCalls: number): Step[] {
  const parts: Step[][] = [[]]
  for (const step of script) {
    parts.at(-1)?.push(step)
    if (step.type === 'tool') parts.push([])
  }
  return parts[toolCalls] ?? []
}

function playable(step: Step, conversation: Conversation): ReplyStep[] {
  if (step.type === 'usage') return []
  if (step.type !== 'recall') return [step]
  return [{ type: 'say', text: recallAnswer(userTexts(conversation).slice(0, -1)) }]
}

/** Whether a reply with this step needs no plain answer after it. */
function settles(step: ReplyStep): boolean {
  return step.type !== 'delay' && step.type !== 'gate' && step.type !== 'think'
}

function plainAnswer(conversation: Conversation): ReplyStep {
  const newest = conversation.at(-1)
  if (newest?.type === 'tool-answered') return { type: 'say', text: `The tool said: ${newest.text}` }
  return { type: 'say', text: `You said: ${newestUserText(conversation) ?? ''}` }
}
