import { onlyWord, readWords } from '../../terminal/read-words.js'

/** Which session is handed back, and whether only to print how. */
export type AttachOrder = { word: string; print: boolean; json: boolean }

/** The flags of `attach`. */
export const attachFlags = {
  print: { type: 'boolean', description: 'Print the command instead of running it' },
  json: { type: 'boolean', description: 'The agent and the command as JSON; does not run it' },
} as const

const usage = 'subagent-mcp attach <id or name> [--print] [--json]'

/** Reads the words after `attach`. @throws SubagentError */
export function readAttachOrder(words: readonly string[]): AttachOrder {
  const { values, positionals } = readWords(words, attachFlags, usage)
  const { print = false, json = false } = values
  return { word: onlyWord(positionals, 'agent', usage), print, json }
}
