import { wrongUse } from './read-words.js'
import type { Terminal } from './terminal.js'

/** A text that a command takes, what it is called, and how the command is used. */
export type TextOrder = { text: string | undefined; name: string; usage: string }

/**
 * What is in the words, else, or for `-`, what comes through a pipe. Nobody is left before a keyboard that is silently
 * read. @throws SubagentError
 */
export async function readText(
  { text, name, usage }: TextOrder,
  { hasKeyboard, readInput }: Pick<Terminal, 'hasKeyboard' | 'readInput'>,
): Promise<string> {
  if (text !== undefined && text !== '-') return text
  if (text === undefined && hasKeyboard) throw wrongUse(`there is no ${name}`, usage)
  const input = await readInput()
  if (input.trim() === '') throw wrongUse(`there is no ${name}: stdin is empty`, usage)
  return input
}
