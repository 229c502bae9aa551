import { mcpServerName } from '@subagent-mcp/contract'
import { createCodexTrustRemoval } from './codex-trust/trust-removal.js'
import { readTextFileOrRefuse } from './file/read-text.js'
import { codexHooksFilePath } from './hosts/codex.js'
import type { FileChange, HostMachine, HostSetup } from './hosts/host.js'
import { hosts } from './hosts/hosts.js'
import {
  planFileChanges,
  type PlannedFile,
  type FilePlanStep,
  type RefusedChange,
  reverseChange,
} from './plan.js'
import type { Records } from './records/records.js'
import type { RecordedFileUndo } from './records/undo-recorded.js'
import { writePlannedFile } from './records/write-with-record.js'

/** The places that are searched for files without a record: the user's files, and those of one project. */
type Places = { machine: HostMachine; project: string; recorded: ReadonlySet<string> }

/** A file of a host that has an entry with our name, and no record. */
export type UnrecordedHostFile = PlannedFile | RefusedChange

/**
 * Finds entries with our name in files without a record. Files of the project count only when there is no record at all,
 * because otherwise such an entry is the project's own.
 */
export function planUnrecordedRemovals({ machine, project, recorded }: Places): UnrecordedHostFile[] {
  const scopes = recorded.size === 0 ? (['user', 'project'] as const) : (['user'] as const)
  const places = scopes.map((scope) => ({ scope, project }))
  const entries = places
    .flatMap((place) => removalsIn(machine, place))
    .filter(({ path }) => !recorded.has(path) && mentionsUs(path))
  const planned = planFileChanges(entries)
  const trusts = places
    .flatMap((place) => trustAfter(planned, machine, codexHooksFilePath(machine, place)))
    .filter(({ path }) => !recorded.has(path))
  const whole = trusts.length > 0 ? planFileChanges([...entries, ...trusts]) : planned
  return whole.filter((item) => item.type !== 'unchanged')
}

export function previewUnrecordedRemoval(item: UnrecordedHostFile): RecordedFileUndo {
  if (item.type === 'write') return { path: item.path, type: 'unrecorded' }
  return { path: item.change.path, type: 'refused', why: item.why }
}

/** Removes our entries from a file with a backup and without a record, because undoing a record would put them back. */
export function removeUnrecordedEntries(
  item: UnrecordedHostFile,
  { backups }: Pick<Records, 'backups'>,
): RecordedFileUndo {
  const expected = previewUnrecordedRemoval(item)
  if (item.type === 'refused') return expected
  const unrecorded = { backups, add: () => undefined, remove: () => undefined }
  const wrote = writePlannedFile(item, unrecorded, 'user')
  return wrote.type === 'written' ? expected : { path: item.path, type: 'refused', why: wrote.why }
}

function removalsIn(machine: HostMachine, place: Pick<HostSetup, 'scope' | 'project'>): FileChange[] {
  const server = { command: mcpServerName, args: [] }
  const wiring = { ...place, server, hooks: true, suppressNative: true, statusLine: true, forward: [] }
  return hosts.flatMap((host) => host.changes(machine, wiring)).map(reverseChange)
}

/** The change of Codex's record of trust when our hooks go. The record names the hooks' file and not us, so no search finds it. */
function trustAfter(planned: readonly FilePlanStep[], machine: HostMachine, path: string): FileChange[] {
  const hooks = planned.find((item) => item.type === 'write' && item.path === path)
  const change =
    hooks?.type === 'write' ? createCodexTrustRemoval(machine, hooks, readTextFileOrRefuse) : undefined
  return change ? [change] : []
}

/** Whether a file has our name. A file that cannot be edited is reported only then. */
function mentionsUs(path: string): boolean {
  const file = readTextFileOrRefuse(path)
  return file.type === 'text' && file.text.includes(mcpServerName)
}
