import { forEachChild, type For, type SyntaxNode } from 'unbash'
import { parseShellWord, type ShellVariables, type ShellWord } from './shell-word.js'
import type { ShellCommand } from './shell-command.js'

/** The words of a `for` loop, if each of them is known or harmless to show; a pattern counts as one word. */
export function readForLoopWords(
  { wordlist }: For,
  variables: ShellVariables,
): readonly ShellWord[] | undefined {
  const words = wordlist?.map((word) => parseShellWord(word, variables)).flatMap(choicesAlone)
  return words?.every(({ kind }) => /^(plain|tilde|glob|shown)$/.test(kind)) ? words : undefined
}

function choicesAlone(word: ShellWord): readonly ShellWord[] {
  if (word.kind === 'number') return [{ text: word.text, kind: 'shown' }]
  return (
    word.choices?.map((text): ShellWord => ({ text, kind: text.includes('*') ? 'glob' : 'plain' })) ?? [word]
  )
}

/** Whether no command in the body of a loop assigns to its variable. */
export function isLoopVariableUnchanged(name: string, body: SyntaxNode): boolean {
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

const setting =
  /^(read|declare|typeset|local|export|readonly|integer|float|let|eval|source|\.|unset|mapfile|readarray|getopts|set|trap|vared|print|zstat|stat|strftime|builtin|command|shift)$/

/** The variables that `read -r a b` sets; none for other forms of `read`. */
export function findVariablesSetByRead({ words, redirections }: ShellCommand): readonly string[] {
  const [program, ...rest] = words
  if (program?.kind !== 'plain' || program.text !== 'read' || redirections.length > 0) return []
  const names = rest.slice(rest[0]?.text === '-r' ? 1 : 0)
  return names.every(({ kind, text }) => kind === 'plain' && isHarmlessVariableName(text))
    ? names.map(({ text }) => text)
    : []
}

/** Whether no program or shell uses a variable of this name, unlike PATH. */
export function isHarmlessVariableName(name: string): boolean {
  return /^[a-z]{1,12}$/.test(name) && !ofZsh.test(name)
}

/** Lower-case names with a meaning in zsh: `path` is `PATH`, `histchars` has the character of comments. */
const ofZsh =
  /^(argv|status|prompt|watch|psvar|fignore|signals|options|commands|functions|parameters|history|histchars|pipestatus|.*(path|aliases|dirs))$/
