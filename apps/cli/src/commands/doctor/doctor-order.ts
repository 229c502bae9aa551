import { noWord, readWords } from '../../terminal/read-words.js'

/** Whether what was found is mended, and how it is told. */
export type DoctorOrder = { fix: boolean; yes: boolean; json: boolean }

/** The flags of `doctor`. */
export const doctorFlags = {
  fix: { type: 'boolean', description: 'Ask, and then run the commands that mend what was found' },
  yes: { type: 'boolean', short: 'y', alias: 'y', description: 'With --fix: do not ask' },
  json: { type: 'boolean', description: 'The same as JSON' },
} as const

const usage = 'subagent-mcp doctor [--fix [--yes]] [--json]'

/** Reads the words after `doctor`. @throws SubagentError */
export function readDoctorOrder(words: readonly string[]): DoctorOrder {
  const { values, positionals } = readWords(words, doctorFlags, usage)
  noWord(positionals, usage)
  const { fix = false, yes = false, json = false } = values
  return { fix, yes, json }
}
