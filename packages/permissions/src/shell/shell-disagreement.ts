import { forEachChild, type SyntaxNode, type Word as SyntaxWord } from 'unbash'
import { readShellAgreedWords } from './agreed-words.js'
import type { ShellAgreedWord } from './scanner.js'
import { parseShellWord } from './shell-word.js'

/**
 * Why bash, dash, zsh or the parser may read a line differently; undefined when all of them see the same words. Compares
 * the words of the parser with those of a scanner that knows only what the shells share.
 */
export function findShellDisagreement(text: string, script: SyntaxNode): string | undefined {
  const agreed = readShellAgreedWords(text)
  if ('disagreement' in agreed) return agreed.disagreement
  const parsed = new Map<number, Parsed>()
  collect(script, parsed, { inWord: false, begins: false })
  const known = agreed.words.filter((word) => isParsedAlike(word, parsed.get(word.start)))
  const isSame = known.length === agreed.words.length && countOf(agreed.words, parsed) === parsed.size
  return isSame ? undefined : 'words that the parser sees elsewhere'
}

/** A word as the shell parser sees it. One that `begins` a command is its name. */
type Parsed = { end: number; begins: boolean; word?: SyntaxWord }

/** Collects the words of commands, but not the words inside expansions. */
function collect(
  node: SyntaxNode,
  parsed: Map<number, Parsed>,
  { inWord, begins }: { inWord: boolean; begins: boolean },
): void {
  const isWord = node.type === 'Word' || node.type === 'Assignment' || node.type === 'HereDocDelimiter'
  if (isWord && !inWord) {
    parsed.set(node.pos, { end: node.end, begins, ...(node.type === 'Word' && { word: node }) })
  }
  const inside = node.type === 'Script' ? false : inWord || isWord
  const name = node.type === 'Command' ? node.name : undefined
  forEachChild(node, (child) => collect(child, parsed, { inWord: inside, begins: child === name }))
}

function isParsedAlike(word: ShellAgreedWord, parsed: Parsed | undefined): boolean {
  if (word.role === 'keyword') return parsed === undefined
  if (parsed === undefined) return word.role === 'test' && /^(-[a-zA-Z]|==?|!=|!)$/.test(word.text)
  if (parsed.end !== word.end || parsed.begins !== (word.role === 'name')) return false
  if (parsed.word === undefined) return true
  const { kind, text } = parseShellWord(parsed.word)
  if (kind === 'plain') return !word.expands && word.pattern === text
  return (kind !== 'glob' && kind !== 'choice') || word.pattern === text
}

function countOf(words: readonly ShellAgreedWord[], parsed: ReadonlyMap<number, Parsed>): number {
  return words.filter(({ start }) => parsed.has(start)).length
}
