import type { ShellWord } from '../shell/shell-word.js'

const tests = new Set(
  'o or a and not true false print print0 ls prune empty depth mount xdev daystart quit readable writable executable nouser nogroup follow'
    .split(' ')
    .map((name) => `-${name}`),
)
const valued = new Set(
  [
    'name iname path ipath wholename iwholename regex iregex regextype type xtype maxdepth mindepth size mtime mmin atime amin ctime cmin',
    'newer anewer cnewer newermt perm user group uid gid links inum samefile lname ilname fstype printf',
  ]
    .flatMap((names) => names.split(' '))
    .map((name) => `-${name}`),
)

/** Whether `find` only looks and prints. What `-exec` runs is a command of its own. */
export function isHarmlessFindCommand(words: readonly ShellWord[]): boolean {
  for (let at = 0; at < words.length; at += 1) {
    const { text, kind } = words[at] ?? { text: '', kind: 'plain' }
    if (kind !== 'plain') {
      // A pattern may expand to a word of the expression.
      if (/^(unknown|shown|number)$/.test(kind) || /^[-*?[({!,]/.test(text)) return false
      continue
    }
    if (text === '-exec') {
      const end = words.findIndex((word, other) => other > at && isEnd(word, words[other - 1]))
      if (end < 0) return false
      at = end
    } else if (valued.has(text)) {
      at += 1
      if (!isValue(words[at])) return false
    } else if (!tests.has(text) && !/^([^-]|-[HLP]$)/.test(text)) return false
  }
  return true
}

function isEnd({ text }: ShellWord, before: ShellWord | undefined): boolean {
  return text === ';' || (text === '+' && before?.text === '{}')
}

/** Whether a word of `find` can only be an option's value. Another `find` may read the word as an action. */
function isValue(word: ShellWord | undefined): boolean {
  if (word === undefined) return true
  return word.kind === 'plain'
    ? !word.text.startsWith('-') || /^-[\d.]+[a-zA-Z]*$/.test(word.text)
    : word.kind === 'tilde'
}
