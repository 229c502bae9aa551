import type { Action, Files } from './call.js'
import { isInFolder } from './own-file.js'
import { folded, isBelow, type Place } from './place.js'
import { showsFiles } from './programs/known.js'
import { programOf } from './unwrap.js'
import { isOfSearch, type Word } from './word.js'

/** What no later answer takes back. */
export type Irreversible =
  | 'delete outside the folder'
  | 'force push'
  | 'publish'
  | 'credentials'
  | 'privilege'

/** Of which irreversible kind an action is, as far as it can be seen. */
export function irreversible(action: Action, place: Place): Irreversible | undefined {
  switch (action.type) {
    case 'read':
      return isCredential(action.path, place) || holdsCredentials(action.path, place)
        ? 'credentials'
        : undefined
    case 'edit':
      return isCredential(action.path, place) ? 'credentials' : undefined
    case 'delete':
      if (isCredential(action.path, place)) return 'credentials'
      return isInFolder(action.path, place) ? undefined : 'delete outside the folder'
    case 'run':
      return ofCommand(action, place)
    default:
      return undefined
  }
}

type Run = Extract<Action, { type: 'run' }>

function ofCommand(run: Run, place: Place): Irreversible | undefined {
  const program = programOf(run.command)
  const text = run.command.words.slice(1).map((word) => word.text)
  if (privileged.has(program) || raisesMode(program, text)) return 'privilege'
  if (showsSecrets(program, text) || namesCredential(run, place)) return 'credentials'
  if (mayShowCredential(run, place) || searchesHome(run, place)) return 'credentials'
  if (program === 'git' && isForcePush(run.command.words.slice(1))) return 'force push'
  if (publishes(program, text)) return 'publish'
  return deletesOutside(run, place) ? 'delete outside the folder' : undefined
}

const privileged = new Set(
  'sudo doas su pkexec runas visudo passwd chpasswd usermod useradd groupadd setcap mount umount chroot nsenter insmod'.split(
    ' ',
  ),
)

function raisesMode(program: string, text: readonly string[]): boolean {
  if (program === 'chown') return true
  return program === 'chmod' && text.some((word) => /(^|,)[ugoa]*[+=][rwxXt]*s|^0?[2-7]\d{3}$/.test(word))
}

const secretCommands =
  /^(gh auth|npm (login|token|adduser)|aws configure|gcloud auth|docker login|git credential|az account|op|pass|security|ssh-add|ssh-keygen|gpg|vault)\b/

function showsSecrets(program: string, text: readonly string[]): boolean {
  return secretCommands.test([program, ...text].join(' '))
}

function namesCredential({ files }: Run, place: Place): boolean {
  return files
    .slice(1)
    .flat()
    .some((path) => path !== undefined && isCredential(path, place))
}

/** What is not known before it runs: the file of a program that shows files, or a word that speaks of a secret. */
function mayShowCredential({ command }: Run, place: Place): boolean {
  const unknown = command.words.slice(1).filter(({ kind }) => kind === 'unknown' || kind === 'shown')
  return unknown.some(({ text }) => showsFiles(programOf(command)) || speaksOfCredential(text, place))
}

/** Whether part of a text is such a name, whatever folder it is in: of `f=@$HOME/.ssh/id` that is `.ssh/id`. */
function speaksOfCredential(text: string, place: Place): boolean {
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

const inHome = new RegExp(
  `^/(${[
    '\\.(ssh|aws|gnupg|kube|azure|oci|password-store|mozilla|thunderbird|secrets?|[\\w.-]*_history|netrc|npmrc|pypirc|pgpass)',
    '\\.(git-credentials|my\\.cnf|s3cfg|boto|vault-token|claude\\.json|docker/config\\.json|cargo/credentials.*|gem/credentials)',
    '\\.(claude/\\.credentials\\.json|codex/auth\\.json|gemini/(oauth_creds\\.json|\\.env)|m2/settings.*\\.xml|gradle/gradle\\.properties)',
    '\\.(terraform\\.d/credentials.*|local/share/keyrings)',
    '\\.config/(gcloud|gh|op|git/credentials|rclone|google-chrome|chromium|containers/auth\\.json)',
    'library/(keychains|cookies|application support/(google|firefox))',
  ].join('|')})(/|$)`,
)
const anywhere =
  /[/:](\.envrc|\.env(\.(?!(?:example|sample|template)$)[\w.-]+)?|id_(rsa|dsa|ecdsa|ed25519)|[^/]*\.(pem|p12|pfx|keystore)|[^/.][^/]*\.key|\.netrc|\.npmrc|\.git-credentials|credentials\.json)$/
const ofSystem = /^\/(etc\/(shadow|gshadow|sudoers|ssh)|proc\/[^/]+\/environ)/
/** Folders of a home with some of these in them. */
const holding =
  /^(\/(\.(config|docker|cargo|gem|claude|codex|gemini|m2|gradle|terraform\.d|local(\/share)?)|library))?$/

function isCredential(path: string, place: Place): boolean {
  const text = folded(path)
  return (
    inHome.test(belowHome(path, place) ?? '') ||
    anywhere.test(text) ||
    ofSystem.test(text) ||
    ownHomes(place).some(
      (ours) => (text === ours || isBelow(text, ours)) && !isBelow(text, `${ours}/answers`),
    )
  )
}

/** Where our own settings are and the key to the daemon. Answers that are too long for a report are there to be read. */
function ownHomes({ home, ownHome }: Place): readonly string[] {
  return [`${home}/.subagent-mcp`, ...(ownHome === undefined ? [] : [ownHome])].map(folded)
}

function holdsCredentials(path: string, place: Place): boolean {
  const holdsOurs = place.ownHome !== undefined && isBelow(place.ownHome, path)
  return holdsOurs || isBelow(place.home, path) || holding.test(belowHome(path, place) ?? 'elsewhere')
}

function belowHome(path: string, { home }: Place): string | undefined {
  const [text, folder] = [folded(path), folded(home)]
  return text === folder || isBelow(text, folder) ? text.slice(folder.length) : undefined
}

function isForcePush(words: readonly Word[]): boolean {
  const at = words.findIndex(({ text }) => text === 'push')
  if (at < 0) return false
  return words
    .slice(at + 1)
    .some(
      ({ kind, text }) =>
        /unknown|shown/.test(kind) || /^(--for|--m|--de|--pru|-[a-z]*[fd])|^[+:]./.test(text),
    )
}

const publishing: readonly RegExp[] = [
  /^(npm|pnpm|yarn|bun)( .*)? (publish|unpublish|deprecate|dist-tag|owner|access)\b/,
  /^(cargo|poetry|flit|hatch|uv|vsce|ovsx|lerna|changeset|dart pub|flutter pub) (publish|yank|unpublish)\b/,
  /^(npx|pnpm dlx|bunx) .*\b(publish|release)\b/,
  /^(gem|docker|podman|helm|nuget|dotnet nuget)( image)? push\b/,
  /(^| )twine upload\b/,
  /^gh (release (create|delete|upload)|repo (create|delete|edit)|pr merge)\b/,
  /^(mvn|gradle|\.?\/?gradlew) .*\b(deploy|publish)\b/,
  /^(terraform|pulumi) (apply|destroy|up)\b/,
  /^kubectl (apply|delete)\b/,
]

function publishes(program: string, text: readonly string[]): boolean {
  const line = [program, ...text].join(' ')
  return publishing.some((expression) => expression.test(line))
}

const deleting = new Set(['rm', 'rmdir', 'unlink', 'shred', 'truncate', 'mv'])

function deletesOutside({ command, folders, files }: Run, place: Place): boolean {
  const program = programOf(command)
  const words = command.words.slice(1)
  const leaves = (paths: Files) => paths.some((path) => path === undefined || !isInFolder(path, place))
  if (program === 'dd' || program.startsWith('mkfs')) return true
  if (program === 'find') {
    const end = words.findIndex(({ text }) => text.startsWith('-'))
    const starts = end > 0 ? files.slice(1, end + 1).flat() : folders
    return words.some(({ text }) => text === '-delete') && leaves(starts)
  }
  const ofSearch = words.some(isOfSearch)
  return deleting.has(program) && (ofSearch || leaves(files.slice(1).flat()))
}
