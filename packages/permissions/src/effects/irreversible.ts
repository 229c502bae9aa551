import { isInAgentFolder } from '../places/agent-folder-files.js'
import type { ToolCallContext } from '../places/tool-call-context.js'
import { folderHoldsCredentials, isCredentialFile } from '../places/credentials.js'
import { doesCommandShowCredentials } from './command-shows-credentials.js'
import { getProgramName } from '../shell/unwrap-wrapper-command.js'
import { isSearchedFolderWord, type ShellWord } from '../shell/shell-word.js'
import type { ToolCallAction, PossibleWordFiles } from '../call/tool-call-action.js'

/** Kinds of effects that cannot be undone. */
export type IrreversibleEffect =
  | 'delete outside the folder'
  | 'force push'
  | 'publish'
  | 'credentials'
  | 'privilege'

/** The irreversible kind of an action, as far as it is visible; undefined for other actions. */
export function findIrreversibleEffect(
  action: ToolCallAction,
  place: ToolCallContext,
): IrreversibleEffect | undefined {
  switch (action.type) {
    case 'read':
      return isCredentialFile(action.path, place) || folderHoldsCredentials(action.path, place)
        ? 'credentials'
        : undefined
    case 'edit':
      return isCredentialFile(action.path, place) ? 'credentials' : undefined
    case 'delete':
      if (isCredentialFile(action.path, place)) return 'credentials'
      return isInAgentFolder(action.path, place) ? undefined : 'delete outside the folder'
    case 'run':
      return ofCommand(action, place)
    default:
      return undefined
  }
}

type Run = Extract<ToolCallAction, { type: 'run' }>

function ofCommand(run: Run, place: ToolCallContext): IrreversibleEffect | undefined {
  const program = getProgramName(run.command)
  const text = run.command.words.slice(1).map((word) => word.text)
  if (privileged.has(program) || raisesMode(program, text)) return 'privilege'
  if (doesCommandShowCredentials(run, place)) return 'credentials'
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

function isForcePush(words: readonly ShellWord[]): boolean {
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

function deletesOutside({ command, folders, files }: Run, place: ToolCallContext): boolean {
  const program = getProgramName(command)
  const words = command.words.slice(1)
  const leaves = (paths: PossibleWordFiles) =>
    paths.some((path) => path === undefined || !isInAgentFolder(path, place))
  if (program === 'dd' || program.startsWith('mkfs')) return true
  if (program === 'find') {
    const end = words.findIndex(({ text }) => text.startsWith('-'))
    const starts = end > 0 ? files.slice(1, end + 1).flat() : folders
    return words.some(({ text }) => text === '-delete') && leaves(starts)
  }
  const ofSearch = words.some(isSearchedFolderWord)
  return deleting.has(program) && (ofSearch || leaves(files.slice(1).flat()))
}
