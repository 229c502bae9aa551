import { steeredTexts, typedText } from './cli-words.js'

/** The conversation in a request, in any dialect, without the model's own texts. */
export type Conversation = readonly Turn[]

/** One item of a conversation. */
export type Turn =
  | { type: 'user-said'; text: string }
  | { type: 'tool-called' }
  | { type: 'tool-answered'; text: string }

/** The newest text that a user typed, without what the CLI put around it. */
export function newestUserText(conversation: Conversation): string | undefined {
  return userTexts(conversation).at(-1)
}

/** Everything that the user typed, oldest first. */
export function userTexts(conversation: Conversation): string[] {
  return conversation.flatMap((turn) => (turn.type === 'user-said' ? [turn.text] : []))
}

/** A tool call without a result, or with two, which model APIs refuse; undefined when there is none. */
export function unpairedCalls(conversation: Conversation): string | undefined {
  const [calls = 0, results = 0] = ['tool-called', 'tool-answered'].map(
    (kind) => conversation.filter(({ type }) => type === kind).length,
  )
  return calls === results ? undefined : `there are ${calls} tool calls and ${results} results of them`
}

/** A block of user content as turns: none when the CLI wrote all of it. */
export function userTurns(block: string): Turn[] {
  const text = typedText(block)
  return [...(text === '' ? [] : [saidByUser(text)]), ...steeredTurns(block)]
}

/** A tool's result as turns: the CLI may have put newer words of the user's into it. */
export function toolTurns(result: string): Turn[] {
  return [{ type: 'tool-answered', text: typedText(result) }, ...steeredTurns(result)]
}

/** A note of the CLI's as turns: only what it says that the user said. */
export function steeredTurns(note: string): Turn[] {
  return steeredTexts(note).map(saidByUser)
}

function saidByUser(text: string): Turn {
  return { type: 'user-said', text }
}
