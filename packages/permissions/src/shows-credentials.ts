import type { Action } from './call.js'
import type { Place } from './place.js'
import { holdsCredentials, isCredential, namedCredential } from './places/credentials.js'
import { showsGitSecrets } from './places/git-settings.js'
import { searchedCredentials } from './places/search-files.js'
import { showsFiles } from './programs/known.js'
import { programOf } from './unwrap.js'
import { isOfSearch, type Word } from './word.js'

type Run = Extract<Action, { type: 'run' }>

/** Whether a command names, finds or prints what is secret, as far as it can be seen before it runs. */
export function showsCredentials(run: Run, place: Place): boolean {
  return (
    printsSecrets(run) ||
    namesCredential(run, place) ||
    mayShowCredential(run, place) ||
    searchesHome(run, place) ||
    searchesForCredentials(run, place)
  )
}

function printsSecrets({ command }: Run): boolean {
  const program = programOf(command)
  const words = command.words.slice(1).map(({ text }) => text)
  return secretCommands.test([program, ...words].join(' ')) || (program === 'git' && showsGitSecrets(words))
}

/** Programs that are there to show or hand out secrets. */
const secretCommands = new RegExp(
  `^(${[
    'gh (auth|secret)|glab auth|npm (login|token|adduser)|docker login|az account|gcloud (auth|secrets)|firebase login',
    'aws (configure|sso|sts|secretsmanager|ssm|kms|ecr get-login|codeartifact get-auth)|heroku (auth|config)|flyctl auth|fly auth',
    'kubectl (get|describe) secrets?|kubectl config view|oc whoami|vercel env|netlify env|doppler|infisical|chamber|vault|sops',
    'ansible-vault|op|bw|rbw|lpass|gopass|pass|keepassxc-cli|keyring|secret-tool|kwallet-query|security|cmdkey|ssh-add|ssh-keygen',
    'gpg2?|age|openssl (rsa|pkey|ec|pkcs8|pkcs12)|keytool|terraform (output|state)|tofu (output|state)|pulumi (config|stack output)|claude setup-token',
  ].join('|')})( |$)`,
)

function namesCredential({ command, files }: Run, place: Place): boolean {
  const pattern = searchPatternAt(command.words)
  const searches = searching.test(programOf(command))
  return files.some((paths, at) => {
    const isNone = at === 0 || at === pattern || (searches && leftOut.test(command.words[at]?.text ?? ''))
    return !isNone && paths.some((path) => path !== undefined && isCredential(path, place))
  })
}

const searching = /^(rg|[efz]*grep|ag|ack|ugrep)$/
/** What a search passes over. */
const leftOut = /^(!|-g=?!|--i?glob=!|--exclude(-dir)?=)/

/** Which word of a search is the text that is sought, and no file; known only after options that take no value. */
function searchPatternAt(words: readonly Word[]): number | undefined {
  const program = programOf({ words, assignments: [], redirections: [] })
  const start = program === 'git' && words[1]?.text === 'grep' ? 2 : 1
  const flags = start === 2 ? searchFlags.get('grep') : searchFlags.get(program)
  if (flags === undefined) return undefined
  const at = words.findIndex(({ text }, index) => index >= start && !flags.test(text))
  const text = words[at]?.text ?? '-'
  if (text === '-e' || text === '--regexp') return at + 1
  return text.startsWith('-') ? undefined : at
}

const longFlags =
  '--(ignore-case|recursive|line-number|count|files-with-matches|word-regexp|fixed-strings|extended-regexp|only-matching|invert-match|hidden|no-heading|smart-case|color=[a-z]+)'
const searchFlags: ReadonlyMap<string, RegExp> = new Map([
  ...['grep', 'egrep', 'fgrep'].map(
    (name) => [name, new RegExp(`^(-[cEFGHhIiLlnoPqRrsUvwxyZz]+|${longFlags})$`)] as const,
  ),
  ['rg', new RegExp(`^(-[cFHiIlLnNopPqsSuUvwx0]+|${longFlags})$`)],
])

/** What is not known before it runs: the file of a program that shows files, or a word that speaks of a secret. */
function mayShowCredential({ command }: Run, place: Place): boolean {
  const unknown = command.words.slice(1).filter(({ kind }) => kind === 'unknown' || kind === 'shown')
  return unknown.some(({ text }) => showsFiles(programOf(command)) || hasCredential(text, place))
}

/** Whether part of a text is such a name, whatever folder it is in: of `f=@$HOME/.ssh/id` that is `.ssh/id`. */
function hasCredential(text: string, place: Place): boolean {
  return text.split(/[^\w.*?/-]+/).some((piece) => {
    const names = piece.split('/')
    return names.some((_, at) => isCredential(`${place.home}/${names.slice(at, at + 4).join('/')}`, place))
  })
}

/** A search reads all that is below: what names no file reads the folder it is in. */
function searchesHome({ command, folders, files }: Run, place: Place): boolean {
  const words = command.words.slice(1)
  const searches =
    programOf(command) === 'rg' ||
    (/^([ef]?grep|diff)$/.test(programOf(command)) &&
      words.some(({ text }) => /^(-[a-zA-Z]*[rR]|--(rec|deref|dir))/.test(text))) ||
    words.some(isOfSearch)
  const paths = [...folders, ...files.slice(1).flat()]
  return searches && paths.some((path) => path !== undefined && holdsCredentials(path, place))
}

/** Patterns that a program works out itself: ripgrep's `-g`, `--include` of grep, the paths of git. */
function searchesForCredentials({ command, folders, files }: Run, place: Place): boolean {
  const program = programOf(command)
  const words = command.words.slice(1).map(({ text }) => text)
  if (program === 'git')
    return words.some((word) => namedCredential(word.replace(/^:(\([^)]*\)|[!/^]+)?/, '')) !== undefined)
  if (!searching.test(program)) return false
  const globs = words.flatMap((word, at) => globOf(word, words[at + 1]) ?? [])
  const known = [...folders, ...files.slice(1).flat()].flatMap((path) => path ?? []).slice(0, mostFolders)
  return globs.some((glob) =>
    known.some((folder) => searchedCredentials({ folder, globs: glob, shows: true }, place)?.length !== 0),
  )
}

const mostFolders = 16

function globOf(word: string, next: string | undefined): string | undefined {
  const [, value] = /^(?:-g=?|--i?glob=?|--include=?|-G)(.*)$/s.exec(word) ?? []
  return value === '' ? next : value
}
