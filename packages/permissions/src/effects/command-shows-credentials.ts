import type { ToolCallContext } from '../places/tool-call-context.js'
import {
  folderHoldsCredentials,
  isCredentialFile,
  findCredentialForPattern,
  normalizeFilePattern,
} from '../places/credentials.js'
import { gitCommandShowsSecrets } from '../places/git-settings.js'
import { findSearchedCredentials } from '../places/searched-credentials.js'
import { doesProgramPrintFiles } from '../programs/harmless-program-call.js'
import { doesCommandShowCredentialTree } from './credential-tree.js'
import { readGitSettings } from '../places/repository-settings.js'
import { isExcludedByFind } from '../shell/searched-folders.js'
import { parseSearchArguments } from './search-arguments.js'
import { getProgramName } from '../shell/unwrap-wrapper-command.js'
import { isSearchedFolderWord } from '../shell/shell-word.js'
import type { ToolCallAction } from '../call/tool-call-action.js'

type Run = Extract<ToolCallAction, { type: 'run' }>

/** Whether a command names, finds or prints secrets, as far as this is visible before it runs. */
export function doesCommandShowCredentials(run: Run, place: ToolCallContext): boolean {
  return (
    printsSecrets(run) ||
    showsAddressWithSecret(run, place) ||
    namesCredential(run, place) ||
    mayShowCredential(run, place) ||
    searchesHome(run, place) ||
    searchesForCredentials(run, place) ||
    doesCommandShowCredentialTree(run, place)
  )
}

function printsSecrets({ command }: Run): boolean {
  const program = getProgramName(command)
  const words = command.words.slice(1).map(({ text }) => text)
  return (
    secretCommands.test([program, ...words].join(' ')) || (program === 'git' && gitCommandShowsSecrets(words))
  )
}

/** Whether git prints the addresses of remotes, and one of them contains a password or token. */
function showsAddressWithSecret({ command }: Run, place: ToolCallContext): boolean {
  if (getProgramName(command) !== 'git') return false
  const line = command.words.map(({ text }) => text).join(' ')
  return showsAddress.test(line) && addressWithSecret.test(readGitSettings(place))
}

const showsAddress = / (remote( .*)?( -[a-z]*v| --verb| (get-url|show))|config .*\.(push)?url|ls-remote)/i

/** An address with a secret. `git@` is no secret, but in a web address any user name may be a token. */
const addressWithSecret = /https?:\/\/(?!git@)[^\s/@]+@|:\/\/[^\s/@:]*:[^\s/@]+@/i

/** Commands that show or hand out secrets. */
const secretCommands = new RegExp(
  `^(${[
    'gh (auth|secret)|glab auth|npm (login|token|adduser)|docker login|az account|gcloud (auth|secrets)|firebase login',
    'aws (configure|sso|sts|secretsmanager|ssm|kms|ecr get-login|codeartifact get-auth)|heroku (auth|config)|flyctl auth|fly auth',
    'kubectl (get|describe) secrets?|kubectl config view|oc whoami|vercel env|netlify env|doppler|infisical|chamber|vault|sops',
    'ansible-vault|op|bw|rbw|lpass|gopass|pass|keepassxc-cli|keyring|secret-tool|kwallet-query|security|cmdkey|ssh-add|ssh-keygen',
    'gpg2?|age|openssl (rsa|pkey|ec|pkcs8|pkcs12)|keytool|terraform (output|state)|tofu (output|state)|pulumi (config|stack output)|claude setup-token',
  ].join('|')})( |$)`,
)

function namesCredential({ command, files }: Run, place: ToolCallContext): boolean {
  const notRead = parseSearchArguments(command)?.notRead
  const texts = getProgramName(command) === 'find' ? command.words.map(({ text }) => text) : []
  return files.some(
    (paths, at) =>
      at > 0 &&
      notRead?.has(at) !== true &&
      !isExcludedByFind(texts, at) &&
      paths.some((path) => path !== undefined && isCredentialFile(path, place)),
  )
}

/** Whether an unknown word may be a credential: the file of a program that shows files, or a word with the name of one. */
function mayShowCredential({ command }: Run, place: ToolCallContext): boolean {
  const unknown = command.words.slice(1).filter(({ kind }) => kind === 'unknown' || kind === 'shown')
  return unknown.some(
    ({ text }) => doesProgramPrintFiles(getProgramName(command)) || hasCredential(text, place),
  )
}

/** Whether a text contains the name of a credential in any folder, such as `.ssh/id` in `f=@$HOME/.ssh/id`. */
function hasCredential(text: string, place: ToolCallContext): boolean {
  return text.split(/[^\w.*?/-]+/).some((piece) => {
    const names = piece.split('/')
    return names.some((_, at) =>
      isCredentialFile(`${place.home}/${names.slice(at, at + 4).join('/')}`, place),
    )
  })
}

/** Whether a recursive search reads a folder with credentials. Without files it reads the current folder. */
function searchesHome({ command, folders, files }: Run, place: ToolCallContext): boolean {
  const search = parseSearchArguments(command)
  if (search?.recursive !== true && !command.words.slice(1).some(isSearchedFolderWord)) return false
  const paths = [
    ...(search?.searchesHere === false ? [] : folders),
    ...files.filter((_, at) => at > 0 && search?.notRead.has(at) !== true).flat(),
  ]
  return paths.some((path) => path !== undefined && folderHoldsCredentials(path, place))
}

/** Whether a pattern that a program expands itself matches credentials: `-g` of ripgrep, `--include` of grep, paths of git. */
function searchesForCredentials({ command, folders, files }: Run, place: ToolCallContext): boolean {
  if (getProgramName(command) === 'git')
    return command.words.slice(1).some(({ text }) => isPathOfCredential(text, place))
  const globs = parseSearchArguments(command)?.globs ?? []
  const known = [...folders, ...files.slice(1).flat()].flatMap((path) => path ?? []).slice(0, mostFolders)
  return globs.some((glob) =>
    known.some(
      (folder) => findSearchedCredentials({ folder, globs: glob, shows: true }, place)?.length !== 0,
    ),
  )
}

const mostFolders = 16

/** Whether a path in the syntax of git is a credential: with `:(top)` or `-L1,9:` before it, or with escapes. */
function isPathOfCredential(word: string, place: ToolCallContext): boolean {
  const path = word.replace(/^-L.*:|^:(\([^)]*\)|[!/^]+)?/, '')
  if (findCredentialForPattern(path) !== undefined) return true
  if (/^:(\([^)]*exclude|\/?[!^])/.test(word)) return false
  const isOther = path !== word || word.includes('\\')
  return isOther && isCredentialFile(`${place.cwd}/${normalizeFilePattern(path)}`, place)
}
