import { unknownName } from '../command/did-you-mean.js'
import type { CommandsHelp } from './commands-help.js'

/** The path of the command whose help is meant, or what is wrong with its name. */
export type HelpTarget = { path: string; problem?: string }

/** Follows the words of a command line to the command, as far as they name one. */
export function findHelp(all: CommandsHelp, words: readonly string[]): HelpTarget {
  let path = ''
  for (const word of words) {
    const { commands } = all[path] ?? {}
    if (!commands || word.startsWith('-')) break
    const next = path === '' ? word : `${path} ${word}`
    if (!Object.hasOwn(all, next))
      return { path, problem: unknownName('command', word, Object.keys(commands)) }
    path = next
  }
  return { path }
}
