import type { DocumentEdit } from '../edit/edit.js'
import { isDataTable, isSameData, JsonValue, getValueAt } from '../edit/value.js'
import type { FileTextReader } from '../plan.js'
import { readValueInFile } from '../read-data.js'
import { readCodexHooks, getCodexTrustFilePath } from './hook-trust.js'
import { fileChange, plainJsonRules } from '../hosts/file-change.js'
import type { FileChange, HostMachine } from '../hosts/host.js'

/** The text of Codex's `hooks.json` with our hooks and without them; undefined for no file. */
export type HooksFileChange = { path: string; before: string | undefined; after: string | undefined }

/**
 * The change of Codex's record of trust when our hooks are removed from a `hooks.json`; undefined when none is needed. Trust
 * is recorded by position, so at their new positions the user's later hooks would be skipped silently, or have our trust.
 */
export function createCodexTrustRemoval(
  machine: HostMachine,
  change: HooksFileChange,
  readText: FileTextReader,
): FileChange | undefined {
  const path = getCodexTrustFilePath(machine)
  const states = readValueInFile(textOf(readText(path)), 'toml', ['hooks', 'state'])
  if (!isDataTable(states)) return undefined
  const edits = namesOf(change.path, readText).flatMap((name) => stateEdits(name, change, states))
  if (edits.length === 0) return undefined
  const moved = edits.some(({ type }) => type === 'set')
  const what = moved ? 'trust of your hooks moved with them' : 'trust of our hooks taken out'
  return fileChange({ host: 'codex', what, path, format: 'toml', edits })
}

/** The names that Codex may use for a file: its real path when `CODEX_HOME` is set, otherwise its path. */
function namesOf(path: string, readText: FileTextReader): string[] {
  const read = readText(path)
  return [...new Set([path, read.type === 'refused' ? path : (read.realPath ?? path)])]
}

function stateEdits(name: string, { before, after }: HooksFileChange, states: object): DocumentEdit[] {
  const wanted = statesAfter(
    readCodexHooks(name, readValueInFile(before ?? '', plainJsonRules, [])),
    readCodexHooks(name, readValueInFile(after ?? '', plainJsonRules, [])),
    (key) => JsonValue.safeParse(getValueAt(states, [key])).data,
  )
  const changed = [...wanted].filter(([key, value]) => !isSameData(getValueAt(states, [key]), value))
  return [
    ...changed.filter(([key]) => Object.hasOwn(states, key)).map(([key]) => removal(key)),
    ...changed.flatMap(([key, value]): DocumentEdit[] =>
      value === undefined ? [] : [{ type: 'set', path: placeOf(key), value }],
    ),
  ]
}

function removal(key: string): DocumentEdit {
  return { type: 'remove', path: placeOf(key) }
}

function placeOf(key: string): string[] {
  return ['hooks', 'state', key]
}

type HostHooks = ReturnType<typeof readCodexHooks>

/** The state in Codex's record of trust for each position that has another hook, or none, after our hooks are removed. */
function statesAfter(before: HostHooks, after: HostHooks, stateOf: (key: string) => JsonValue | undefined) {
  const left = new Set(after.filter((hook) => hook.isOurs).map(({ key }) => key))
  const gone = before.filter((hook) => hook.isOurs && !left.has(hook.key))
  // Only our hooks were removed, so the others keep their order.
  const theirs = after.filter((hook) => !hook.isOurs)
  const moves = before
    .filter((hook) => !hook.isOurs)
    .map((hook, index) => ({ from: hook, to: theirs[index] }))
    .flatMap(({ from, to }) => (to?.hash === from.hash && to.key !== from.key ? [{ from, to }] : []))
  return new Map([
    ...[...gone, ...moves.map(({ from }) => from)].map(({ key }) => [key, undefined] as const),
    ...moves.map(({ from, to }) => [to.key, stateOf(from.key)] as const),
  ])
}

/** The text of a file; empty for one that cannot be read, because its edit reports that. */
function textOf(read: ReturnType<FileTextReader>): string {
  return read.type === 'text' ? read.text : ''
}
