import { forEachChild, parse, type Command as SimpleCommand, type Redirection as Redirect } from 'unbash'
import type { Assignment, For, ParameterOperation, Pipeline, SyntaxNode } from 'unbash'
import { isSettled, loopWords } from './loop.js'
import { searched } from './searched.js'
import { testWords } from './test-words.js'
import { readWord, type Variables, type Word } from './word.js'

/** A file that a command reads or writes without naming it among its words. */
export type Redirection = { writes: boolean; target: Word }

/** One program with its words; without words it only assigns. */
export type Command = {
  words: readonly Word[]
  assignments: readonly string[]
  redirections: readonly Redirection[]
  /** For `xargs`: the folders whose files it gets, where that is known. */
  searched?: readonly Word[]
}

/** All that a command line may run, also inside substitutions; `opaque` says what of it is not understood. */
export type CommandLine = { commands: readonly Command[]; opaque?: string }

/** Reads a command line as bash does. What may run counts, whatever the conditions around it. */
export function readCommandLine(text: string): CommandLine {
  if (text.length > longestLine) return { commands: [], opaque: 'a command line that is too long to read' }
  if (unreadable.test(text)) return { commands: [], opaque: 'characters that shells do not agree on' }
  const found: Found = { commands: [], opaque: [], steps: 0, searched: new Map() }
  visit(parse(text), found, { depth: 0, loops: false, variables: new Map() })
  const [opaque] = found.opaque
  return { commands: found.commands, ...(opaque !== undefined && { opaque }) }
}

const longestLine = 20_000

/** Control characters, and spaces that are none to some shells. */
const unreadable = /[^\P{Cc}\n\t]|[^\S\n\t ]/u

type Found = {
  commands: Command[]
  opaque: string[]
  steps: number
  searched: Map<SyntaxNode, readonly Word[]>
}
type Around = { depth: number; loops: boolean; variables: Variables }

/** As loops are gone through word by word, one in another may take as long as it likes. */
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
    forEachChild(node, (child) => visit(child, found, around))
    return
  }
  for (const word of node.wordlist ?? []) visit(word, found, around)
  for (const inside of loopVariables(node, variables))
    visit(node.body, found, { ...around, variables: inside })
}

function commandAt(node: SyntaxNode, variables: Variables, found: Found): Command | undefined {
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

/** What the variable of a loop is each time; once not known, where that cannot be told. */
function loopVariables(loop: For, variables: Variables): readonly Variables[] {
  const name = loop.name.value
  const without = new Map([...variables].filter(([other]) => other !== name))
  const words = isSettled(name, loop.body) ? loopWords(loop, variables) : undefined
  if (words === undefined || words.length === 0) return [without]
  return words.map((word) => new Map([...without, [name, word]]))
}

/** `find … | xargs`: the words of the one are the files of the other. */
function rememberSearch({ commands }: Pipeline, found: Found): void {
  for (const [at, command] of commands.entries()) {
    if (command.type !== 'Command' || command.name?.value !== 'xargs') continue
    const before = commands.slice(0, at).map((one) => (one.type === 'Command' ? commandOf(one) : undefined))
    const folders = searched(before)
    if (folders) found.searched.set(command, folders)
  }
}

/** What makes the rest of a line mean something else than it says. */
function strangeness(node: SyntaxNode, loops: boolean): string | undefined {
  switch (node.type) {
    case 'Script':
      return 'errors' in node && node.errors?.length ? 'not a whole command line' : undefined
    case 'Function':
    case 'Coproc':
    case 'Select':
    case 'ArithmeticCommand':
    case 'ArithmeticFor':
    case 'ProcessSubstitution':
      return `${node.type} is not followed`
    case 'TestCommand':
      // To a shell that does not know it, `[[ a || rm x ]]` is two commands.
      return testWords(node.expression) === undefined ? '[[ is not the same in every shell' : undefined
    case 'For':
      // It sets a variable, which may be one that programs look at, as PATH.
      return /^[a-z]{1,12}$/.test(node.name.value) && !ofZsh.test(node.name.value)
        ? undefined
        : `a loop over ${node.name.value}`
    case 'Command':
      return loops && changesFolder(node) ? 'a loop that changes its folder' : undefined
    case 'AnsiCQuoted':
      // To a shell that does not know it, the quote ends here.
      return node.text.includes("\\'") ? 'a quote in a quote' : undefined
    case 'CommandExpansion':
      return node.script === undefined ? 'a substitution that cannot be read' : undefined
    default:
      return evaluates(node) ? 'an expression that may run or set what is in a variable' : undefined
  }
}

/** Small names that mean something to it: `path` is `PATH`. */
const ofZsh =
  /^(argv|status|prompt|watch|psvar|fignore|signals|options|commands|functions|parameters|history|.*(path|aliases|dirs))$/

/** What bash works out as an expression may hold a command: `$((x))` runs it when x is `a[$(rm y)]`. */
function evaluates(node: SyntaxNode): boolean {
  switch (node.type) {
    case 'ArithmeticExpansion':
      return /[A-Za-z_$`]/.test(node.text)
    case 'ParameterExpansion':
      if (node.prefix === '!' || node.index !== undefined) return true
      return /^(Slice|Transform|Unknown|Names)$/.test(node.operation?.type ?? '') || sets(node.operation)
    case 'Assignment':
      return node.index !== undefined || node.value.type === 'ArrayValue'
    case 'FileDescriptorVariable':
      return true
    default:
      return false
  }
}

function sets(operation: ParameterOperation | undefined): boolean {
  return operation?.type === 'Default' && operation.operator.endsWith('=')
}

function changesFolder({ name }: SimpleCommand): boolean {
  return /^(cd|pushd|popd)$/.test(name?.value ?? '')
}

function commandOf({ name, args, prefix, redirects }: SimpleCommand, variables?: Variables): Command {
  return {
    words: [
      ...(name ? [readWord(name, variables)] : []),
      ...args.map((argument) => argumentOf(argument, variables)),
    ],
    assignments: prefix.flatMap((part) => (part.type === 'Assignment' ? [part.name] : [])),
    redirections: redirects.flatMap((redirect) => redirectionOf(redirect, variables)),
  }
}

function argumentOf(argument: SimpleCommand['args'][number], variables?: Variables): Word {
  return argument.type === 'Word' ? readWord(argument, variables) : assigned(argument)
}

/** An argument like `of=~/x`: bash expands the tilde in it. */
function assigned({ text }: Assignment): Word {
  return { text, kind: /^[\w=./:-]*$/.test(text) ? 'plain' : 'unknown' }
}

function redirectionOf(redirect: Redirect, variables?: Variables): Redirection[] {
  if (redirect.type !== 'Redirect') return []
  const { operator, target: named } = redirect
  if (named === undefined) return [{ writes: true, target: { text: '', kind: 'unknown' } }]
  const word = readWord(named, variables)
  const joinsStreams = /^[<>]&$/.test(operator) && /^(\d+-?|-)$/.test(word.text)
  if (joinsStreams || /^\/dev\/(null|stdout|stderr|stdin|tty)$/.test(word.text)) return []
  // `>!` is an operator of zsh, `=ls` the path of a program.
  const target = /^[!|=]/.test(word.text) ? { ...word, kind: 'unknown' as const } : word
  return [{ writes: operator !== '<', target }]
}
