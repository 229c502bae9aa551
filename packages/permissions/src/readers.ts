/** Whether a program with these words only reads; by `optionsAreKnown` none of them may become an option. */
export function isReader(program: string, words: readonly string[], optionsAreKnown: boolean): boolean {
  const writing = readers.get(program)
  if (writing === undefined || words.some((word) => writing.test(word))) return false
  if (/^(test|\[)$/.test(program) && !words.every(isNoExpression)) return false
  return optionsAreKnown || writing === never
}

const never = /(?!)/
/** What zsh works out as an expression may hold a command, as `a[$(rm x)]`. */
const evaluated = /^-([vR]|eq|ne|lt|le|gt|ge)$/

/** The same goes for what follows `-t`, unless it is a number. */
function isNoExpression(word: string, at: number, all: readonly string[]): boolean {
  return !evaluated.test(word) && (word !== '-t' || /^\d+$/.test(all[at + 1] ?? ''))
}

/** The programs that only read, each with the words that make it do more. */
const readers = new Map<string, RegExp>([
  ...'cat head tail wc ls pwd echo grep egrep fgrep cut tr diff cmp stat basename dirname realpath readlink nl du df whoami uname which type true false sleep test ['
    .split(' ')
    .map((name) => [name, never] as const),
  ['printf', /^-v|[$`]/],
  ['rg', /^--(pre|hostname-bin)/],
  ['sort', /^(-[a-zA-Z]*[oT]|--(o|com|t))/],
  // Its second file is written.
  ['uniq', /^[^-]/],
  ['tree', /^(-[a-zA-Z]*[oR]|--output)/],
  // What `-exec` runs is a command of its own.
  ['find', /^-(execdir|ok|delete|f(print|ls))/],
  ['file', /^(-[a-zA-Z]*C|--comp)/],
  ['date', /^(-[a-zA-Z]*s|--s|\d)/],
  // It may show the environment, and take more of its language from files.
  ['jq', /\benv\b|\b(import|include)\b|^-[a-zA-Z]*[fL]|^--(from|lib)/i],
])

/** Programs that only say their version, also where a project names another one for itself. */
const versioned = new Set(
  'node npm npx python python3 pip pip3 ruby php perl gcc clang make cmake git java docker'.split(' '),
)

/** Whether a program is asked for its version, and for nothing more. */
export function saysVersion(program: string, words: readonly string[]): boolean {
  const [option = '', ...more] = words
  if (more.length > 0 || !versioned.has(program)) return false
  return option === '--version' || (option === '-v' && /^(node|npm)$/.test(program))
}

const readingGit =
  /^(status|log|diff|show|blame|ls-files|ls-tree|rev-parse|rev-list|merge-base|describe|shortlog|cat-file|grep)$/
/** Git takes a long option by its beginning too. */
const writingGit = /^(--(ou|op|ext|textc|fil|no-i)|-[a-zA-Z]*O)/

/** What those do that also change something, in as far as they only list. */
const listingGit: readonly RegExp[] = [
  /^branch( (--show-current|--list|-a|-r|-v|-vv|-av|-avv|--all|--remotes|--verbose|--no-color|--sort=\S*))*$/,
  /^tag( (-l|--list|-n\d*|--no-color|--sort=\S*))*$/,
  /^tag (-l|--list) [^\s-]\S*$/,
  /^remote( (-v|--verbose|get-url [^\s-]\S*))?$/,
  /^stash (list|show)( |$)/,
  /^worktree list( --porcelain)?$/,
  // A header or the settings of a host may hold a token.
  /^config( --global| --local)? --get (?!.*(extraheader|token|password|secret|credential|^url))[\w.-]+$/i,
]

/** Whether git only says what there is. */
export function readsHistory(words: readonly string[]): boolean {
  const said = words[0] === '--no-pager' ? words.slice(1) : words
  const [verb = '', ...rest] = said
  if (rest.some((word) => writingGit.test(word))) return false
  return readingGit.test(verb) || listingGit.some((form) => form.test(said.join(' ')))
}

/** `sed -n 1,200p file` or `/a/,/b/p`, and nothing else that sed can do. */
export function printsLines([option = '', script = '', ...files]: readonly string[]): boolean {
  if (!/^-(n|nE|En|nr|rn)$/.test(option) || files.some((file) => file.startsWith('-'))) return false
  // Where such a bracket ends the expression is not the same in every sed.
  return printing.test(script) && !/\[\^?\]?[^\]]*\//.test(script)
}

const address = String.raw`(\d+|\$|/(\\[^\n]|[^/\\\n])+/)`
const printed = String.raw`(${address}(,(${address}|\+\d+))?)?p|\d+q`
const printing = new RegExp(String.raw`^\s*(${printed})(\s*;\s*(${printed}))*\s*;?\s*$`)

/** Whether `xargs` does no more than run its words, which are a command of their own. */
export function runsItsWords(words: readonly string[]): boolean {
  const start = words.findIndex((word) => !/^(-[0rt]|-[nPL]\d*|\d+)$/.test(word))
  return /^[A-Za-z][\w-]*$/.test(words[start] ?? '')
}
