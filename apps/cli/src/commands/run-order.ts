import { joinedBy, launchOptions, launchOptionsOf } from '@subagent-mcp/api'
import { z } from 'zod'
import { onlyWord, readWords } from '../terminal/read-words.js'
import { flagName, launchFlags, readFlags } from './launch-flags.js'

const options = launchOptionsOf('run')

const RunOrder = z
  .strictObject({ ...options, prompt: launchOptions.prompt, json: z.boolean() })
  .superRefine(joinedBy((option) => option, flagName))

/** What is to be done, and by whom: as a category's table has it, or an agent's definition. `-` as the prompt is stdin. */
export type RunOrder = z.output<typeof RunOrder>

/** The flags of `run`. */
export const runFlags = {
  ...launchFlags(options),
  json: { type: 'boolean', description: 'The agent and its answer as JSON, at the end' },
} as const

const usage =
  'subagent-mcp run "<prompt>"|- [--agent <name> | [--category <name>] [--provider <name> [--model <name> ' +
  '[--effort <level>]] | --prefer <name>] [--permissions <preset>]] [--name <name>] [--cwd <folder>] [--json]'

/** Reads the words after `run`. @throws SubagentError */
export function readRunOrder(words: readonly string[]): RunOrder {
  const { values, positionals } = readWords(words, runFlags, usage)
  const prompt = onlyWord(positionals, 'prompt', usage)
  return readFlags(RunOrder, { json: false, ...values, prompt }, usage)
}
