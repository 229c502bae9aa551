import type { ChangeActionAnswer, ChangeCount, ChangedFile, AgentChanges } from '@subagent-mcp/api'
import { formatCountWithNoun } from '@subagent-mcp/contract'
import type { Agent } from '@subagent-mcp/core'
import { maskSecrets } from '@subagent-mcp/permissions'
import type { ChangeCounts, ChangesPort, SharedFileEdit } from '../ports/changes-port.js'
import type { SavedTextFile } from '../ports/mcp-port.js'
import { describeSavedText } from './cut-text.js'
import { revealInvisibleCharacters } from './reveal-invisible-characters.js'

/** Changes of agents for the answer to a wait: counts for agents in worktrees, and files that several agents edited. */
export type ReportedChanges = { counts: ChangeCounts; shared: readonly SharedFileEdit[] }

/** The changes reported for agents without a worktree, such as tasks: none. */
export const noReportedChanges: ReportedChanges = { counts: new Map(), shared: [] }

/** Reads the changes of agents, and the files that one of them edited while others did. Never rejects. */
export async function readReportedChanges(
  changes: ChangesPort,
  agents: readonly Agent[],
): Promise<ReportedChanges> {
  const ids = new Set(agents.map(({ profile }) => profile.id))
  const shared = changes.shared().filter(({ agentIds }) => agentIds.some((id) => ids.has(id)))
  return { counts: await changes.counts(agents), shared }
}

/** Describes in one line what an agent has changed in its worktree, and how to take it; nothing for other agents. */
export function describeChangeCount({ profile: { id } }: Agent, { counts }: ReportedChanges): string[] {
  const count = counts.get(id)
  if (!count) return []
  if (count.files === 0) return ['changed: nothing that is not applied']
  return [`changed: ${countText(count)}; next: changes agent_id=${id} shows them, action=apply takes them`]
}

/** The number of changed files and lines: `3 files +10 -2`. */
function countText({ files, added, removed }: ChangeCount): string {
  return `${formatCountWithNoun(files, 'file')} +${added} -${removed}`
}

const mostShared = 5

/** Warns of files that several agents edited in the same folder in parallel. */
export function describeSharedEdits(shared: readonly SharedFileEdit[]): string[] {
  if (shared.length === 0) return []
  const files = shared
    .slice(0, mostShared)
    .map(({ path, agentIds }) => `${shownName(path)} (${agentIds.join(', ')})`)
  const more = shared.length > mostShared ? [`${shared.length - mostShared} more`] : []
  return [
    `warning: edited by several agents: ${[...files, ...more].join('; ')}; isolation worktree keeps agents apart`,
  ]
}

/** The most characters of a diff, and the most files, in the answer of the tool `changes`. */
const longestPatch = 16_000
const mostFiles = 100

/** The answer of the tool `changes` that shows an agent's changes: the files, then the diff, cut at its end. */
export function describeChanges(
  { files, patch, patchCut, left, id, inPlace }: AgentChanges,
  save: () => SavedTextFile,
): string {
  if (files.length === 0)
    return [
      `agent ${id} has no changes${inPlace ? '' : ' that are not applied'}`,
      ...leftLines(left, inPlace),
    ].join('\n')
  const text = maskSecrets(patch)
  const isCut = patchCut === true || text.length > longestPatch
  return [
    ...fileLines(files),
    ...leftLines(left, inPlace),
    '',
    text.slice(0, longestPatch).toWellFormed().trimEnd(),
    ...(isCut ? [`[the diff goes on; ${describeSavedText(save())}]`] : []),
    '',
    inPlace
      ? 'in the checkout itself, with what others edited there during its turns; next: changes with action undo takes it back'
      : 'next: changes with action apply, discard or branch',
  ].join('\n')
}

/** The answer of the tool `changes` after an action on them, such as `apply` or `discard`. */
export function describeActionOnChanges(id: string, answer: ChangeActionAnswer): string {
  const { applied, undone, baseMoved, conflicts, branch, check } = answer
  if (conflicts) {
    const reasons = conflicts.slice(0, mostFiles).map(({ path, reason }) => `${shownName(path)}: ${reason}`)
    const next = 'next: send_message the agent what to change; in a worktree also changes with action branch'
    return [`nothing was changed, ${conflicts.length} in conflict:`, ...reasons, next].join('\n')
  }
  if (check) return [`grade in the checkout: ${check.grade}`, ...(check.why ?? [])].join('\n')
  if (branch)
    return `branch ${branch.name} has the changes, as commit ${branch.commit}; the checkout is as it was`
  if (undone)
    return [
      `what agent ${id} changed is taken back; what others edited since stays:`,
      ...fileLines(undone),
    ].join('\n')
  if (!applied) return `the changes of agent ${id} and its worktree are deleted`
  if (applied.length === 0) return `agent ${id} has no changes that are not applied`
  const merged = baseMoved
    ? [
        'merged with what changed in the checkout meanwhile, so run the tests there; for commands of accept: action check',
      ]
    : []
  return [`applied to the checkout, uncommitted:`, ...fileLines(applied), ...merged].join('\n')
}

function fileLines(files: readonly ChangedFile[]): string[] {
  const lines = files.slice(0, mostFiles).map(({ path, status, from, added, removed }) => {
    const lineCount = added === undefined ? 'binary' : `+${added} -${removed ?? 0}`
    const name = from === undefined ? shownName(path) : `${shownName(from)} to ${shownName(path)}`
    return `${status} ${name} ${lineCount}`
  })
  return files.length > mostFiles ? [...lines, `and ${files.length - mostFiles} more files`] : lines
}

function leftLines(left: readonly string[], inPlace = false): string[] {
  return left.slice(0, mostFiles).map((line) => `not ${inPlace ? 'undone' : 'delivered'}: ${shownName(line)}`)
}

/** A file name in one line, because an agent may choose names with line breaks, which would look like words of this program. */
function shownName(name: string): string {
  return revealInvisibleCharacters(name, Infinity)
}
