import { readFileSync } from 'node:fs'
import { version } from '../version.js'
import { describeUnknownName } from '../command/did-you-mean.js'
import { exitCode } from '../exit.js'
import type { CliCommandsHelp } from './commands-help.js'
import { renderShellCompletions, knownShells } from './completions.js'
import { renderHelp } from './render-help.js'

/**
 * Answers `--version`, `help`, `--help` and `completions` from the file that the build writes, without loading a command
 * or a schema library.
 */
export function answerHelpRequest(words: readonly string[]): void {
  const [first, second] = words
  if (first === '--version' || first === '-v') print(`${version}\n`)
  else if (first === 'completions' && !asksForHelp(words)) printCompletions(second)
  else printHelp(first === 'help' ? words.slice(1) : words)
}

function asksForHelp(words: readonly string[]): boolean {
  return words.includes('--help') || words.includes('-h')
}

function printCompletions(typed: string | undefined): void {
  const shell = knownShells.find((name) => name === typed)
  if (shell) print(renderShellCompletions(readHelp(), shell))
  else {
    const problem = typed === undefined ? 'is missing' : `'${typed}' is not one of ${knownShells.join(', ')}`
    refuse(`<shell> ${problem}`, 'subagent-mcp completions --help')
  }
}

function printHelp(words: readonly string[]): void {
  const all = readHelp()
  const target = findHelp(all, words)
  const { stdout } = process
  const columns = Math.min(stdout.columns || Infinity, 110)
  const isColoured = stdout.isTTY && !process.env['NO_COLOR']
  if (target.problem !== undefined) refuse(target.problem, `subagent-mcp ${target.path} --help`)
  else print(renderHelp(all, target.path, { columns, isColoured }))
}

/** The command whose help a command line asks for, and what is wrong with the word after it, if anything. */
type HelpTarget = { path: string; problem?: string }

/** Returns the longest path of commands with which a command line begins, and the problem with the word that follows. */
function findHelp(all: CliCommandsHelp, words: readonly string[]): HelpTarget {
  let path = ''
  for (const word of words) {
    const { commands } = all[path] ?? {}
    if (!commands || word.startsWith('-')) break
    const next = path === '' ? word : `${path} ${word}`
    if (!Object.hasOwn(all, next))
      return { path, problem: describeUnknownName('command', word, Object.keys(commands)) }
    path = next
  }
  return { path }
}

function readHelp(): CliCommandsHelp {
  const all: unknown = JSON.parse(readFileSync(new URL('help.json', import.meta.url), 'utf8'))
  if (isHelp(all)) return all
  throw new TypeError('help.json is empty')
}

/** Whether a parsed value has the form of the help file. It checks little, because the build wrote the file from the same type. */
function isHelp(value: unknown): value is CliCommandsHelp {
  return typeof value === 'object' && value !== null
}

function print(text: string): void {
  process.stdout.write(text)
}

function refuse(message: string, see: string): void {
  process.stderr.write(`subagent-mcp: ${message}\nhint: see ${see.replace('  ', ' ')}\n`)
  process.exitCode = exitCode.wrongUse
}
