import { parseJson, mcpServerName } from '@subagent-mcp/contract'
import { z } from 'zod'
import { hasManagedBlock, planBlocks } from './blocks/plan-blocks.js'
import { listFilesWithBlock, writeBlocks } from './blocks/write-blocks.js'
import { createCodexHookTrust, getCodexTrustFilePath, readTrustRecords } from './codex-trust/hook-trust.js'
import type { DocumentEdit } from './edit/edit.js'
import { readTextIfAny } from './file/read-text.js'
import { codexHooksFilePath } from './hosts/codex.js'
import type { FileChange, Host, HostMachine, HostSetup } from './hosts/host.js'
import { hosts } from './hosts/hosts.js'
import { planFileChanges, type FilePlanStep, type RefusedChange, reverseChange } from './plan.js'
import { planSetup } from './plan-setup.js'
import { readValueInFile } from './read-data.js'
import type { Records } from './records/records.js'
import type { SetupChoice } from './records/records-data.js'
import { writePlannedFile } from './records/write-with-record.js'
import { createHostSetup } from './setup.js'

/** A file that differs from what this version would write. `snippet` is the entry to paste by hand. */
export type OutdatedSetupFile =
  | { type: 'old'; path: string; write: () => SetupFileRefresh }
  | { type: 'refused'; path: string; why: string; snippet?: string }

/** The outcome of bringing a file of setup or init up to date. */
export type SetupFileRefresh = { type: 'written'; path: string } | Exclude<OutdatedSetupFile, { type: 'old' }>

/** The files on record to bring up to date. `serverFor` says how hosts start the MCP server and the hooks now. */
export type RefreshOptions = {
  machine: HostMachine
  records: Records
  serverFor: (scope: HostSetup['scope']) => HostSetup['server']
}

/**
 * Finds files of `setup` and `init` that are not up to date. Each file is read when the iterator reaches it, because an
 * earlier one may be the same file behind a link. Nothing is written unless `write` is called.
 */
export function* refreshSetup({ machine, records, serverFor }: RefreshOptions): Generator<OutdatedSetupFile> {
  for (const choice of records.read().choices) {
    for (const item of planChoice(machine, choice, serverFor(choice.scope))) {
      if (item.type === 'refused') yield refused(item)
      if (item.type !== 'write') continue
      const { path } = item
      const write = (): SetupFileRefresh => {
        const wrote = writePlannedFile(item, records, choice.scope)
        return wrote.type === 'written'
          ? { type: 'written', path }
          : { type: 'refused', path, why: wrote.why }
      }
      yield { type: 'old', path, write }
    }
  }
  for (const path of listFilesWithBlock(records)) yield* oldBlock(path, records)
}

function refused({ change, why }: RefusedChange): OutdatedSetupFile {
  return { type: 'refused', path: change.path, why, snippet: change.snippet }
}

/** Plans the update of an older block. A block that the user removed stays away; a broken one is reported. */
function* oldBlock(path: string, records: Records): Generator<OutdatedSetupFile> {
  if (!hasManagedBlock(path)) return
  const [planned] = planBlocks([{ path, head: '', scope: 'user' }])
  if (planned?.type === 'refused') yield planned
  if (planned?.type !== 'change') return
  const write = (): SetupFileRefresh => {
    const [wrote] = writeBlocks([planned], records)
    return wrote?.type === 'refused' ? wrote : { type: 'written', path }
  }
  yield { type: 'old', path, write }
}

/** Plans what this version would write for a host, without the parts that its user has removed. */
function planChoice(machine: HostMachine, choice: SetupChoice, server: HostSetup['server']): FilePlanStep[] {
  const host = hosts.find(({ id }) => id === choice.host)
  if (host === undefined) return []
  const wiring = createHostSetup(choice, server)
  const trust = choice.trust && isTrusted(machine, wiring)
  return planSetup({ machine, hosts: [onlyWhatIsLeft(host)], wiring, trust })
}

/** The host with those changes that are still in its files: an entry that the user removed stays away. */
function onlyWhatIsLeft(host: Host): Host {
  const changes: Host['changes'] = (machine, wiring) =>
    host
      .changes(machine, wiring)
      .filter((change) => planFileChanges([reverseChange(change)]).some(({ type }) => type !== 'unchanged'))
      .map(keepRights)
  return { ...host, changes }
}

/** Keys of an existing entry that only its user may set: what the entry allows, and whether it is on. */
const rights = new Set(['trust', 'default_tools_approval_mode', 'enabled'])

function keepRights(change: FileChange): FileChange {
  return { ...change, edits: change.edits.map((edit) => keepRightsOf(edit, change)) }
}

function keepRightsOf(edit: DocumentEdit, { path, format }: FileChange): DocumentEdit {
  if (edit.type !== 'set' || edit.path.at(-1) !== mcpServerName) return edit
  const existing = Entry.safeParse(readValueInFile(readTextIfAny(path) ?? '', format, edit.path))
  const ours = Object.entries(Entry.parse(edit.value)).filter(([key]) => !rights.has(key))
  return { ...edit, value: { ...existing.data, ...Object.fromEntries(ours) } }
}

const Entry = z.record(z.string(), z.json())

/** Whether Codex still has a record of trust for one of our hooks. */
function isTrusted(machine: HostMachine, wiring: HostSetup): boolean {
  const path = codexHooksFilePath(machine, wiring)
  const trusted = readTrustRecords(readTextIfAny(getCodexTrustFilePath(machine)) ?? '')
  return createCodexHookTrust(path, parseJson(readTextIfAny(path) ?? '')).some(({ key }) => trusted.has(key))
}
