import { onlyWord, readWords } from '../terminal/read-words.js'

/** What is to be done, and by whom; `-` as the prompt is stdin. */
export type RunOrder = {
  prompt: string
  category: string
  provider?: string
  model?: string
  effort?: string
  name?: string
  cwd?: string
  json: boolean
}

/** The flags of `run`. */
export const runFlags = {
  category: {
    type: 'string',
    valueHint: 'name',
    description: 'What kind of task it is: decides who gets it',
  },
  provider: { type: 'string', valueHint: 'name', description: 'claude, codex, gemini or one of your own' },
  model: { type: 'string', valueHint: 'name', description: "One of the provider's models" },
  effort: { type: 'string', valueHint: 'level', description: 'How hard the model thinks: low to max' },
  name: { type: 'string', valueHint: 'name', description: 'What to call the agent' },
  cwd: { type: 'string', valueHint: 'folder', description: 'Where it works; here without it' },
  json: { type: 'boolean', description: 'The agent and its answer as JSON, at the end' },
} as const

const usage =
  'subagent-mcp run "<prompt>"|- [--category <name>] [--provider <name> [--model <name> [--effort <level>]]] ' +
  '[--name <name>] [--cwd <folder>] [--json]'

/** Reads the words after `run`. @throws SubagentError */
export function readRunOrder(words: readonly string[]): RunOrder {
  const { values, positionals } = readWords(words, runFlags, usage)
  const { category = 'fallback_default', json = false, ...rest } = values
  return { prompt: onlyWord(positionals, 'prompt', usage), category, json, ...rest }
}
