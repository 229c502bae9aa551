import { steeringTexts, userTypedText } from './cli-words.js'

/** The conversation in a request to the model server, of any API, without the model's own texts. */
export type Conversation = readonly Turn[]

/** One item of the conversation in a model request. */
export type Turn =
  | { type: 'user-said'; text: string }
  | { type: 'tool-called' }
  | { type: 'tool-answered'; text: string }

/** The newest text that a user typed, without what the CLI put around it. */
export function newestUserText(conversation: Conversation): string | undefined {
  return userTexts(conversation).at(-1)
}

/** Returns everything that the user typed in a conversation, oldest first. */
export function userTexts(conversation: Conversation): string[] {
  return conversation.flatMap((turn) => (turn.type === 'user-said' ? [turn.text] : []))
}

/** A tool call without a result, or with two, which model APIs refuse; undefined when there is none. */
export function unpairedToolCalls(conversation: Conversation): string | undefined {
  const [calls = 0, results = 0] = ['tool-called', 'tool-answered'].map(
    (kind) => conversation.filter(({ type }) => type === kind).length,
  )
  return calls === results ? undefined : `there are ${calls} tool calls and ${results} results of them`
}

/** Converts a block of user content to turns: none when the CLI wrote all of it. */
export function userTurns(block: string): Turn[] {
  const text = userTypedText(block)
  return [...(text === '' ? [] : [saidByUser(text)]), ...steeredTurns(block)]
}

/** Converts a tool's result to turns. The CLI may have put newer words of the user into it. */
export function toolTurns(result: string): Turn[] {
  return [{ type: 'tool-answered', text: userTypedText(result) }, ...steeredTurns(result)]
}

/** A note of the CLI's as turns: only what it says that the user said. */
export function steeredTurns(note: string): Turn[] {
  return steeringTexts(note).map(saidByUser)
}

function saidByUser(text: string): Turn {
  return { type: 'user-said', text }
}
