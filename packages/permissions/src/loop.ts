import { forEachChild, type For, type SyntaxNode } from 'unbash'
import { readWord, type Variables, type Word } from './word.js'

/** The words that a loop goes through, where each is known; a pattern counts as one. */
export function loopWords({ wordlist }: For, variables: Variables): readonly Word[] | undefined {
  const words = wordlist?.map((word) => readWord(word, variables))
  return words?.every(({ kind }) => kind === 'plain' || kind === 'tilde' || kind === 'glob')
    ? words
    : undefined
}

/** Whether nothing in a loop gives its variable another value. */
export function isSettled(name: string, body: SyntaxNode): boolean {
  const ahead: SyntaxNode[] = [body]
  for (let node = ahead.pop(); node !== undefined; node = ahead.pop()) {
    if (node.type === 'Assignment' || node.type === 'Function') return false
    if (node.type === 'For' && node.name.value === name) return false
    if (node.type === 'Command' && setting.test(node.name?.value ?? '')) return false
    forEachChild(node, (child) => {
      ahead.push(child)
    })
  }
  return true
}

/** Commands that may set a variable by its name. */
const setting =
  /^(read|declare|typeset|local|export|readonly|integer|float|let|eval|source|\.|unset|mapfile|readarray|getopts|set|trap|vared|print|zstat|stat|strftime|builtin|command|shift)$/
