import { omitUndefined } from '@subagent-mcp/contract'
import {
  forEachChild,
  parse,
  type Command as SimpleCommand,
  type Redirection as Redirect,
  type Assignment,
  type For,
  type HereString,
  type Pipeline,
  type SyntaxNode,
  type TestExpression,
  type While,
  type Word as SyntaxWord,
} from 'unbash'
import { findShellDisagreement } from './shell-disagreement.js'
import {
  isHarmlessVariableName,
  isLoopVariableUnchanged,
  readForLoopWords,
  findVariablesSetByRead,
} from './loop.js'
import { findFoldersSearchedInPipe } from './searched-folders.js'
import { parseShellWord, type ShellVariables, type ShellWord } from './shell-word.js'
import type { Redirection, ShellCommand, ParsedCommandLine } from './shell-command.js'

/** Reads a command line as bash does. All commands that may run count, regardless of conditions. */
export function parseCommandLine(text: string): ParsedCommandLine {
  if (text.length > longestLine) return { commands: [], opaque: 'a command line that is too long to read' }
  if (unreadable.test(text)) return { commands: [], opaque: 'characters that shells do not agree on' }
  const found: Found = { commands: [], opaque: [], steps: 0, searched: new Map() }
  const script = parse(text)
  visit(script, found, { depth: 0, loops: false, variables: new Map() })
  const opaque = found.opaque[0] ?? findShellDisagreement(text, script)
  return { commands: found.commands, ...omitUndefined({ opaque }) }
}

const longestLine = 20_000

/** Control characters, and spaces that some shells do not treat as spaces. */
const unreadable = /[^\P{Cc}\n\t]|[^\S\n\t ]/u

type Found = {
  commands: ShellCommand[]
  opaque: string[]
  steps: number
  searched: Map<SyntaxNode, readonly ShellWord[]>
}
type Around = { depth: number; loops: boolean; variables: ShellVariables }

/** The most visited nodes of a parsed line, because nested loops are expanded word by word. */
const mostSteps = 50_000

function visit(node: SyntaxNode, found: Found, { depth, loops, variables }: Around): void {
  found.steps += 1
  if (depth > 100 || found.steps > mostSteps) {
    if (found.steps <= mostSteps + 1) found.opaque.push('too much inside each other')
    return
  }
  const strange = strangeness(node, loops)
  if (strange !== undefined) found.opaque.push(strange)
  if (node.type === 'Pipeline') rememberSearch(node, found)
  const command = commandAt(node, variables, found)
  if (command !== undefined) found.commands.push(command)
  const around = { depth: depth + 1, loops: loops || node.type === 'For' || node.type === 'While', variables }
  if (node.type !== 'For') {
    const inside = node.type === 'While' ? { ...around, variables: whileVariables(node, variables) } : around
    forEachChild(node, (child) => visit(child, found, inside))
    return
  }
  for (const word of node.wordlist ?? []) visit(word, found, around)
  for (const inside of loopVariables(node, variables))
    visit(node.body, found, { ...around, variables: inside })
}

function commandAt(node: SyntaxNode, variables: ShellVariables, found: Found): ShellCommand | undefined {
  switch (node.type) {
    case 'Command': {
      const folders = found.searched.get(node)
      return { ...commandOf(node, variables), ...(folders && { searched: folders }) }
    }
    case 'Redirected': {
      const redirections = node.redirects.flatMap((redirect) => redirectionOf(redirect, variables))
      return { words: [], assignments: [], redirections }
    }
    case 'TestCommand': {
      const words = testWords(node.expression, variables)
      return words && { words, assignments: [], redirections: [] }
    }
    default:
      return undefined
  }
}

/** The variables for each pass of a loop; one pass with an unknown variable when the words are not known. */
function loopVariables(loop: For, variables: ShellVariables): readonly ShellVariables[] {
  const name = loop.name.value
  const without = new Map([...variables].filter(([other]) => other !== name))
  const words = isLoopVariableUnchanged(name, loop.body) ? readForLoopWords(loop, variables) : undefined
  if (words === undefined || words.length === 0) return [without]
  return words.map((word) => new Map([...without, [name, word]]))
}

/** The variables of `while read -r line`. The text comes from a file or a command of the same line. */
function whileVariables({ clause }: While, variables: ShellVariables): ShellVariables {
  const [first] = clause.commands
  const names = first?.command.type === 'Command' ? findVariablesSetByRead(commandOf(first.command)) : []
  const read = names.map((name): [string, ShellWord] => [name, { text: name, kind: 'shown' }])
  return new Map([...variables, ...read])
}

/** Records the folders whose files `find` passes to `xargs` in a pipe. */
function rememberSearch({ commands }: Pipeline, found: Found): void {
  for (const [at, command] of commands.entries()) {
    if (command.type !== 'Command' || command.name?.value !== 'xargs') continue
    const before = commands.slice(0, at).map((one) => (one.type === 'Command' ? commandOf(one) : undefined))
    const folders = findFoldersSearchedInPipe(before)
    if (folders) found.searched.set(command, folders)
  }
}

/** Returns why a node makes the rest of a shell line unclear even when all shells read it alike; undefined for other nodes. */
function strangeness(node: SyntaxNode, loops: boolean): string | undefined {
  switch (node.type) {
    case 'Script':
      return 'errors' in node && node.errors?.length ? 'not a whole command line' : undefined
    case 'TestCommand':
      // A shell without `[[` reads `[[ a || rm x ]]` as two commands.
      return testWords(node.expression) === undefined ? '[[ is not the same in every shell' : undefined
    case 'For':
      return isHarmlessVariableName(node.name.value) ? undefined : `a loop over ${node.name.value}`
    case 'Command':
      if (onlyTakes(node)) return 'a file that no command reads'
      return loops && changesFolder(node) ? 'a loop that changes its folder' : undefined
    case 'CommandExpansion':
      return node.script === undefined ? 'a substitution that cannot be read' : undefined
    case 'Assignment':
      // Shells evaluate the index of a list as an expression, which may contain a command.
      return node.index === undefined ? undefined : 'a variable that is a list'
    default:
      return undefined
  }
}

/** Whether a shell command only reads a file, as `< a`. zsh runs a pager for it. */
function onlyTakes({ name, prefix, redirects }: SimpleCommand): boolean {
  return (
    name === undefined &&
    redirects.length === prefix.length &&
    redirects.some(({ operator }) => operator.startsWith('<'))
  )
}

function changesFolder({ name }: SimpleCommand): boolean {
  return /^(cd|pushd|popd)$/.test(name?.value ?? '')
}

function commandOf(
  { name, args, prefix, redirects }: SimpleCommand,
  variables?: ShellVariables,
): ShellCommand {
  const assigned = prefix.filter((part) => part.type === 'Assignment')
  return {
    words: [
      ...(name ? [parseShellWord(name, variables)] : []),
      ...args.map((argument) => argumentOf(argument, variables)),
    ],
    assignments: assigned.map(({ name: variable }) => variable),
    ...(assigned.every(({ text }) => /^\w+=[\w.,:+-]*$/.test(text)) && { assignsText: true as const }),
    redirections: redirects.flatMap((redirect) => redirectionOf(redirect, variables)),
  }
}

function argumentOf(argument: SimpleCommand['args'][number], variables?: ShellVariables): ShellWord {
  return argument.type === 'Word' ? parseShellWord(argument, variables) : assignedWord(argument)
}

/** An argument such as `of=~/x`, in which bash expands the tilde. */
function assignedWord({ text }: Assignment): ShellWord {
  return { text, kind: /^[\w=./:-]*$/.test(text) ? 'plain' : 'unknown' }
}

function redirectionOf(redirect: Redirect, variables?: ShellVariables): Redirection[] {
  if (redirect.type === 'HereString') return ofHereString(redirect, variables)
  if (redirect.type !== 'Redirect') return []
  const { operator, target: named } = redirect
  if (named === undefined) return [{ writes: true, target: { text: '', kind: 'unknown' } }]
  const word = parseShellWord(named, variables)
  // After `>&` shells take other words for the name of a file: zsh `1-`, by which bash moves a stream, and bash `-4` of `$((1-5))`.
  const joinsStreams = /^[<>]&$/.test(operator) && /^(\d|-)$/.test(named.text)
  if (joinsStreams || /^\/dev\/(null|stdout|stderr|stdin|tty)$/.test(word.text)) return []
  // In zsh `>!` is an operator, and `=ls` the path of a program.
  const target = /^[!|=]/.test(word.text) ? { ...word, kind: 'unknown' as const } : word
  return [{ writes: operator !== '<', target }]
}

/** The redirection of a here-string. The input may be the value of a variable, which must not be shown. */
function ofHereString({ target }: HereString, variables?: ShellVariables): Redirection[] {
  const word = target && parseShellWord(target, variables)
  return word?.kind === 'unknown' ? [{ writes: false, target: word }] : []
}

/**
 * The words of a `[[` test as those of `test`, for file tests and comparisons of texts, which mean the same in all shells,
 * also in one that reads `[[` as a program. Undefined for other tests.
 */
function testWords(expression: TestExpression, variables?: ShellVariables): readonly ShellWord[] | undefined {
  if (expression.type === 'TestNot') return testWords(expression.operand, variables)
  const isFileTest =
    expression.type === 'TestUnary' && /^-[abcdefghknprsuwxzLOGSN]$/.test(expression.operator)
  if (isFileTest) return testOperands(expression.operator, [expression.operand], variables)
  const compares = expression.type === 'TestBinary' && /^(==?|!=)$/.test(expression.operator)
  return compares
    ? testOperands(expression.operator, [expression.left, expression.right], variables)
    : undefined
}

function testOperands(
  operator: string,
  operands: readonly SyntaxWord[],
  variables?: ShellVariables,
): readonly ShellWord[] | undefined {
  // In a pattern zsh may run a command, as in `*(#qe:'x':)`.
  if (!operands.every(({ text }) => /^[\w./@%+:,~"'${}-]+$/.test(text))) return undefined
  return ['test', operator]
    .map(plainWord)
    .concat(operands.map((operand) => parseShellWord(operand, variables)))
}

function plainWord(text: string): ShellWord {
  return { text, kind: 'plain' }
}
