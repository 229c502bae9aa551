import { readWords, wrongUse } from '../../terminal/read-words.js'

/** What to tell whom; `-` as the text is stdin. */
export type SendOrder = { word: string; text: string; steer: boolean; wait: boolean; json: boolean }

/** The flags of `send`. */
export const sendFlags = {
  steer: {
    type: 'boolean',
    description: 'Into the running turn, where the CLI can; else it gets the next turn',
  },
  wait: { type: 'boolean', description: 'Wait until the agent is done, and print its answer' },
  json: { type: 'boolean', description: 'What became of it as JSON; with --wait the outcome' },
} as const

const usage = 'subagent-mcp send <id or name> <text ...|-> [--steer] [--wait] [--json]'

/** Reads the words after `send`. @throws SubagentError */
export function readSendOrder(words: readonly string[]): SendOrder {
  const { values, positionals } = readWords(words, sendFlags, usage)
  const [word, ...text] = positionals
  if (word === undefined) throw wrongUse('there is no agent', usage)
  if (text.length === 0) throw wrongUse('there is no text', usage)
  const { steer = false, wait = false, json = false } = values
  return { word, text: text.join(' '), steer, wait, json }
}
