import { wrongUse } from '../command/wrong-use.js'
import type { Terminal } from './terminal.js'

/** A text argument of a command, and its name in errors. */
export type TextArgument = { text: string | undefined; name: string }

/**
 * Returns the text of the command line, or all of stdin when there is none or it is `-`. Refuses to read a keyboard
 * without `-`, because nothing would tell the user to type. @throws SubagentError
 */
export async function readText(
  { text, name }: TextArgument,
  { hasKeyboard, readInput }: Pick<Terminal, 'hasKeyboard' | 'readInput'>,
): Promise<string> {
  if (text !== undefined && text !== '-') return text
  if (text === undefined && hasKeyboard) throw wrongUse(`<${name}> is missing`)
  const input = await readInput()
  if (input.trim() === '') throw wrongUse(`<${name}> is missing: stdin is empty`)
  return input
}
