import { noWord, onlyWord, readWords } from '../../terminal/read-words.js'

/** The file whose workers are to run, and how it is told. */
export type FleetUpOrder = { file: string; json: boolean }

/** The flags of all of `fleet`. */
export const fleetFlags = { json: { type: 'boolean', description: 'The same as JSON' } } as const

/** The file that is taken when none is named. */
export const usualFile = 'workers.yaml'

/** Reads the words after `fleet up`. @throws SubagentError */
export function readFleetUpOrder(words: readonly string[]): FleetUpOrder {
  const usage = 'subagent-mcp fleet up [<file>] [--json]'
  const { values, positionals } = readWords(words, fleetFlags, usage)
  return {
    file: positionals.length > 0 ? onlyWord(positionals, 'file', usage) : usualFile,
    json: values.json ?? false,
  }
}

/** Reads the words after `fleet down` and `fleet status`. @throws SubagentError */
export function readFleetOrder(words: readonly string[], name: 'down' | 'status'): { json: boolean } {
  const usage = `subagent-mcp fleet ${name} [--json]`
  const { values, positionals } = readWords(words, fleetFlags, usage)
  noWord(positionals, usage)
  return { json: values.json ?? false }
}
