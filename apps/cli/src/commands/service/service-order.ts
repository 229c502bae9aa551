import { noEmptyFlag, noWord, readWords, wrongUse } from '../../terminal/read-words.js'

/** What is to be installed; with `fleet` its workers come up with the service. */
export type ServiceInstallOrder = { fleet?: string; print: boolean; json: boolean }

/** The flags of `service uninstall` and `service status`. */
export const serviceFlags = { json: { type: 'boolean', description: 'The same as JSON' } } as const

/** The flags of `service install`. */
export const serviceInstallFlags = {
  fleet: { type: 'string', valueHint: 'file', description: 'Bring the workers of this file up with it' },
  print: { type: 'boolean', description: 'Show the file that would be written, and do nothing' },
  ...serviceFlags,
} as const

/** Reads the words after `service install`. @throws SubagentError */
export function readServiceInstallOrder(words: readonly string[]): ServiceInstallOrder {
  const usage = 'subagent-mcp service install [--fleet <file>] [--print | --json]'
  const { values, positionals } = readWords(words, serviceInstallFlags, usage)
  noWord(positionals, usage)
  const { print = false, json = false, ...said } = values
  noEmptyFlag(said, usage)
  if (print && json) throw wrongUse('--print and --json exclude each other', usage)
  return { print, json, ...said }
}

/** Reads the words after `service uninstall` and `service status`. @throws SubagentError */
export function readServiceOrder(words: readonly string[], name: 'uninstall' | 'status'): { json: boolean } {
  const usage = `subagent-mcp service ${name} [--json]`
  const { values, positionals } = readWords(words, serviceFlags, usage)
  noWord(positionals, usage)
  return { json: values.json ?? false }
}
