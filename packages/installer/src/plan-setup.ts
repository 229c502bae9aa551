import {
  createCodexHookTrust,
  createCodexTrustChange,
  getCodexTrustFilePath,
  readTrustRecords,
} from './codex-trust/hook-trust.js'
import { createCodexTrustRemoval } from './codex-trust/trust-removal.js'
import type { FileRecord } from './file/file-record.js'
import { readTextFileOrRefuse, readTextIfAny } from './file/read-text.js'
import { codexHooksFilePath } from './hosts/codex.js'
import type { FileChange, Host, HostMachine, HostSetup } from './hosts/host.js'
import { planFileChanges, type FilePlanStep, reverseChange } from './plan.js'
import { isDeepStrictEqual } from 'node:util'
import type { DocumentEdit } from './edit/edit.js'

/** Hosts and how to wire them. With `trust`, Codex gets a record that it may run our hooks. `settings` change our own files. */
export type SetupPlanRequest = {
  machine: HostMachine
  hosts: readonly Host[]
  wiring: HostSetup
  trust: boolean
  settings?: readonly FileChange[]
}

/** Plans what setup does to the files of hosts; changes nothing. Switches are turned back only according to `recorded`. */
export function planSetup(wish: SetupPlanRequest, recorded: readonly FileRecord[] = []): FilePlanStep[] {
  const { machine, hosts, wiring, settings = [] } = wish
  const removals = new Set(hosts.flatMap((host) => unwanted({ host, machine, wiring }, recorded)))
  const changes = [...removals, ...hosts.flatMap((host) => host.changes(machine, wiring)), ...settings]
  const planned = planFileChanges(changes)
  const trusting = planTrust(wish, planned)
  const whole = trusting ? planFileChanges([...changes, trusting]) : planned
  return whole.filter((item) => item.type !== 'unchanged' || !removals.has(item.change))
}

/** Plans the change of Codex's record of trust: ours is added with our hooks, the user's moves when theirs move up because ours go. */
function planTrust(
  { machine, hosts, wiring, trust }: SetupPlanRequest,
  planned: readonly FilePlanStep[],
): FileChange | undefined {
  if (!hosts.some(({ id }) => id === 'codex')) return undefined
  if (wiring.hooks) return trust ? trustForHooks(machine, wiring, planned) : undefined
  const path = codexHooksFilePath(machine, wiring)
  const written = planned.find((item) => item.type === 'write' && item.path === path)
  return written?.type === 'write'
    ? createCodexTrustRemoval(machine, written, readTextFileOrRefuse)
    : undefined
}

/**
 * The trust that our hooks of Codex need after a plan is applied. Where the hooks stay as they are, recorded trust stays,
 * too, because a version of Codex that computes other hashes has put its own there.
 */
function trustForHooks(
  machine: HostMachine,
  wiring: HostSetup,
  planned: readonly FilePlanStep[],
): FileChange | undefined {
  const path = codexHooksFilePath(machine, wiring)
  const written = planned.find((item) => item.type === 'write' && item.path === path)
  const isRefused = planned.some((item) => item.type === 'refused' && item.change.path === path)
  const text = written?.type === 'write' ? written.after : readTextIfAny(path)
  if (text === undefined || isRefused) return undefined
  const onRecord = readTrustRecords(readTextIfAny(getCodexTrustFilePath(machine)) ?? '')
  const trusts = createCodexHookTrust(path, JSON.parse(text)).filter(
    ({ key }) => written || !onRecord.has(key),
  )
  return trusts.length > 0 ? createCodexTrustChange(machine, trusts) : undefined
}

type Wired = { host: Host; machine: HostMachine; wiring: HostSetup }

/** Changes that remove what an earlier setup may have written and this wiring does not include. */
function unwanted(wired: Wired, recorded: readonly FileRecord[]): FileChange[] {
  const hooks = surplus(wired, { hooks: true }).map(takenOut)
  // Nearly nobody has a status line of ours, so it is no part of the plan then.
  const statusLine = surplus(wired, { statusLine: true })
    .map(takenOut)
    .filter((change) => planFileChanges([change]).some(({ type }) => type === 'write'))
  const suppression = surplus(wired, { suppressNative: true }).flatMap((change) => {
    const edits = change.edits.flatMap((edit) => undoOf(edit, change, recorded))
    return edits.length > 0 ? [{ ...change, edits, what: 'own sub-agents turned on again', snippet: '' }] : []
  })
  return [...hooks, ...statusLine, ...suppression]
}

function takenOut(change: FileChange): FileChange {
  return { ...reverseChange(change), what: `${change.what} taken out`, snippet: '' }
}

/** The changes of a larger wiring that this one does not have. */
function surplus({ host, machine, wiring }: Wired, more: Partial<HostSetup>): FileChange[] {
  const wanted = new Set(host.changes(machine, wiring).map(({ what }) => what))
  return host.changes(machine, { ...wiring, ...more }).filter(({ what }) => !wanted.has(what))
}

/** The edits that undo a switch, from its last record. A switch does not carry our name; it is ours while it has our value. */
function undoOf(edit: DocumentEdit, change: FileChange, recorded: readonly FileRecord[]): DocumentEdit[] {
  const undone = recorded
    .filter(({ path }) => path === change.path)
    .flatMap(({ takeOut }) => (takeOut.type === 'edits' ? takeOut.edits : []))
    .findLast((other) => isDeepStrictEqual(placeOf(other), placeOf(edit)))
  if (undone === undefined) return []
  const isInForce = planFileChanges([{ ...change, edits: [edit] }]).every(({ type }) => type === 'unchanged')
  return isInForce ? [undone] : []
}

function placeOf(edit: DocumentEdit) {
  return { path: edit.path, ours: 'ours' in edit ? edit.ours : undefined }
}
