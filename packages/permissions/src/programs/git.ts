import type { ShellWord } from '../shell/shell-word.js'
import { parseArguments, type ParsedArguments, type OptionGrammar } from './option-grammar.js'

/** A git command that only shows or lists. With an option that matches `listing` its operands are patterns. */
type GitCommand = OptionGrammar & { most?: number; listing?: RegExp; operands?: RegExp }

const format =
  'format= pretty? oneline abbrev-commit no-abbrev-commit abbrev? no-abbrev date= color? no-color'
const commits = [
  'all branches? tags? remotes? author= committer= grep= since= until= after= before= max-count= skip= first-parent merges no-merges',
  'reverse graph no-graph decorate? no-decorate follow source invert-grep regexp-ignore-case extended-regexp fixed-strings',
  'topo-order date-order author-date-order left-right cherry-pick cherry-mark left-only right-only simplify-by-decoration full-history',
  'ancestry-path min-parents= max-parents= walk-reflogs notes? no-notes relative-date parents children boundary not glob= exclude=',
].join(' ')
const diffs = [
  'stat? numstat shortstat name-only name-status summary patch no-patch unified= patch-with-stat raw cached staged merge-base',
  'ignore-all-space ignore-space-change ignore-space-at-eol ignore-blank-lines word-diff? color-words? find-renames? find-copies? no-renames',
  'diff-filter= minimal patience histogram diff-algorithm= check full-index binary text exit-code quiet relative? no-relative',
  'function-context inter-hunk-context= no-ext-diff no-textconv compact-summary dirstat? cc combined-all-paths pickaxe-regex pickaxe-all',
  'no-prefix src-prefix= dst-prefix= submodule? ignore-submodules? color-moved? ours theirs base',
].join(' ')
const count = /^-\d+$/

/** Git commands that only show, with the options that run and write nothing. One row per command. */
const commandsOfGit: Readonly<Record<string, GitCommand>> = {
  status: {
    letters: 'sbvzu',
    long: 'short branch show-stash porcelain? long verbose untracked-files? ignored? column? no-column ahead-behind no-ahead-behind find-renames? no-renames',
    other: /^-u(no|normal|all)$/,
  },
  log: { letters: 'pumstrbwziEFPc', valued: 'nSGLUM', long: `${format} ${commits} ${diffs}`, other: count },
  show: {
    letters: 'pumstrbwzc',
    valued: 'UMSG',
    long: `${format} ${diffs} decorate? no-decorate no-notes notes?`,
    other: count,
  },
  diff: { letters: 'pustbwzaRc', valued: 'USGM', long: `${diffs} color? no-color abbrev?` },
  'diff-tree': { letters: 'rptscmz', valued: 'UM', long: `${format} ${diffs} root no-commit-id stdin` },
  blame: {
    letters: 'wlstefnc',
    valued: 'LMC',
    long: 'porcelain line-porcelain show-email show-name show-number date= abbrev= root since= reverse first-parent color-lines color-by-age',
  },
  // An operand may be a subcommand that deletes, so values must be in the word of their option.
  reflog: {
    long: 'all oneline decorate? date? format? pretty?',
    other: /^-(\d+|n\d+)$/,
    operands: /^(HEAD|.*[/@~^].*)$/,
  },
  'ls-files': {
    letters: 'cdmoiusztvk',
    valued: 'x',
    files: 'X',
    long: 'cached deleted modified others ignored stage unmerged killed exclude-standard exclude= directory no-empty-directory error-unmatch full-name abbrev? deduplicate eol',
  },
  'ls-tree': { letters: 'drtlz', long: 'name-only name-status full-name full-tree abbrev? long object-only' },
  'rev-parse': {
    letters: 'q',
    long: 'verify short? abbrev-ref? symbolic symbolic-full-name show-toplevel show-prefix show-cdup git-dir git-common-dir absolute-git-dir is-inside-work-tree is-inside-git-dir is-bare-repository is-shallow-repository all branches? tags? remotes? show-superproject-working-tree quiet',
  },
  'rev-list': { valued: 'n', long: `${format} ${commits} count objects`, other: count },
  'merge-base': { letters: 'a', long: 'all octopus independent is-ancestor fork-point' },
  describe: {
    long: 'tags all long always dirty? exact-match abbrev= candidates= match= exclude= contains first-parent',
  },
  shortlog: { letters: 'snec', long: `summary numbered email ${commits}` },
  'cat-file': { letters: 'tspe', long: 'batch-check? batch-all-objects' },
  // With --untracked git would search files that may be credentials, as would `stash show` with -u.
  grep: {
    letters: 'niIwlLchHFEPGvqzpWaoer',
    valued: 'ABCem',
    long: 'cached line-number ignore-case word-regexp files-with-matches files-without-match name-only count fixed-strings extended-regexp perl-regexp basic-regexp invert-match show-function function-context heading break column color? no-color max-depth= and or not all-match quiet only-matching text full-name null max-count= after-context= before-context= context=',
    other: count,
  },
  'show-ref': { letters: 'dsq', long: 'head heads tags branches verify hash? abbrev? dereference quiet' },
  'for-each-ref': {
    long: 'format= sort= count= contains= no-contains= merged= no-merged= points-at= color? ignore-case',
  },
  'name-rev': { long: 'tags name-only refs= exclude= all always' },
  'count-objects': { letters: 'vH', long: 'verbose human-readable', most: 0 },
  'check-ignore': { letters: 'qvnz', long: 'quiet verbose non-matching no-index' },
  'check-attr': { letters: 'az', long: 'all cached' },
  branch: {
    letters: 'arv',
    long: 'show-current list all remotes verbose color? no-color sort= format= contains= no-contains= merged= no-merged= points-at= ignore-case column? no-column abbrev? no-abbrev',
    most: 0,
    listing: /^--list$/,
  },
  tag: {
    letters: 'l',
    long: 'list sort= format= contains= no-contains= merged= no-merged= points-at= color? no-color column? no-column ignore-case',
    other: /^-n\d*$/,
    most: 0,
    listing: /^(-l|--list)$/,
  },
  remote: { letters: 'v', long: 'verbose', most: 0 },
  version: { long: 'build-options', most: 0 },
}

/** Git commands of two words that only show, with their harmless options. */
const pairs: Readonly<Record<string, GitCommand>> = {
  'remote get-url': { long: 'push all', most: 1 },
  'reflog show': { letters: 'p', valued: 'n', long: `${format} ${commits}`, other: count },
  'reflog list': { most: 0 },
  'stash list': { valued: 'n', long: `${format} ${commits} ${diffs}`, other: count },
  'stash show': { letters: 'p', long: `${diffs} color? no-color` },
  'worktree list': { letters: 'vz', long: 'porcelain verbose', most: 0 },
  'submodule status': { long: 'recursive cached' },
  'notes list': { most: 1 },
  'config --get': { most: 1, operands: settings() },
}

/** Settings without secrets. The address of a remote is also shown by `git remote -v`. */
function settings(): RegExp {
  return /^(user\.(name|email)|core\.\w+|init\.defaultbranch|pull\.\w+|push\.\w+|merge\.\w+|rebase\.\w+|fetch\.\w+|commit\.gpgsign|diff\.\w+|remote\.[\w.-]+\.(url|fetch)|branch\.[\w./-]+\.(remote|merge|rebase))$/i
}

/** The words of a git command after git's own options, and the indexes of `-C` folders; undefined for an unknown option. */
export function parseGitCommand(
  words: readonly ShellWord[],
): { words: readonly ShellWord[]; folders: readonly number[] } | undefined {
  const folders: number[] = []
  let at = 0
  for (let text = words[at]?.text; text?.startsWith('-'); text = words[at]?.text) {
    // A second `-C` would be relative to the first.
    if (text === '-C' && folders.length === 0) {
      folders.push(at + 1)
      at += 2
    } else if (/^(--no-pager|-P|--no-optional-locks|--literal-pathspecs|--version)$/.test(text)) at += 1
    else return undefined
  }
  return { words: words.slice(at), folders }
}

/** Whether a git command only shows the repository. */
export function isReadOnlyGitCommand([verb, ...rest]: readonly ShellWord[]): boolean {
  if (verb === undefined) return false
  const [second, ...others] = rest
  const pair = rowOf(pairs, `${verb.text} ${verb.text === 'config' ? scopeless(rest) : (second?.text ?? '')}`)
  if (pair !== undefined) return isKnown(pair, verb.text === 'config' ? rest.slice(-1) : others)
  const row = rowOf(commandsOfGit, verb.text)
  return row !== undefined && isKnown(row, rest)
}

/** The options and operands of a git command that only shows. */
export function parseGitArguments([verb, ...rest]: readonly ShellWord[]): ParsedArguments | undefined {
  const row = rowOf(commandsOfGit, verb?.text ?? '')
  return row && parseArguments(row, rest)
}

function rowOf(rows: Readonly<Record<string, GitCommand>>, name: string): GitCommand | undefined {
  return Object.hasOwn(rows, name) ? rows[name] : undefined
}

/** Joins the words of a git command without its scope: `config --global --get user.name` matches the row `config --get`. */
function scopeless(words: readonly ShellWord[]): string {
  const said = words.slice(0, -1).map(({ text }) => text)
  return said.filter((text) => !/^--(global|local)$/.test(text)).join(' ')
}

function isKnown(row: GitCommand, words: readonly ShellWord[]): boolean {
  // Another program verifies signatures.
  if (words.some(({ text }) => /%[-+ ]*G|signature/.test(text))) return false
  const said = parseArguments(row, words)
  if (said === undefined) return false
  const { options, operands } = said
  const lists = options.some(({ name }) => row.listing?.test(name))
  if (row.most !== undefined && !lists && operands.length > row.most) return false
  return row.operands === undefined || operands.every(({ text }) => row.operands?.test(text))
}
