import { mcpServerName } from '@subagent-mcp/contract'
import { z } from 'zod'
import { createUnifiedDiff } from './diff.js'
import type { DocumentEdit, EditRefusal } from './edit/edit.js'
import { openDocumentText, type OpenDocumentText } from './edit/open-document-text.js'
import { isDataTable, JsonValue } from './edit/value.js'
import { readTextFileOrRefuse } from './file/read-text.js'
import type { FileChange } from './hosts/host.js'
import { refuseUnknownTopKeys } from './read-data.js'

export type FilePlanStep = PlannedFile | RefusedChange | { type: 'unchanged'; change: FileChange }

/** The plan for one file: its new text, with all changes of the file. */
export type PlannedFile = {
  type: 'write'
  path: string
  /** The old text; undefined for a file that does not exist yet. */
  before: string | undefined
  after: string
  /** The change as a diff. It is computed at its first use, because that takes long for a long file. */
  readonly diff: string
  changes: readonly FileChange[]
  /** The edits that remove the changes again when the file has other changes, too. */
  undo: readonly DocumentEdit[]
}

export type RefusedChange = EditRefusal & { change: FileChange }

/** Reads the text of a file. `realPath` is the path behind links; without it the path itself counts. */
export type FileTextReader = (
  path: string,
) => { type: 'text'; text: string; realPath?: string } | { type: 'absent'; realPath?: string } | EditRefusal

/** Plans changes, file by file in their order; writes nothing. Files are read from the disk by default. */
export function planFileChanges(
  changes: readonly FileChange[],
  readText: FileTextReader = readTextFileOrRefuse,
): FilePlanStep[] {
  const files = new Map<string, { paths: [string, ...string[]]; read: ReturnType<FileTextReader> }>()
  for (const path of new Set(changes.map((change) => change.path))) {
    const read = readText(path)
    const place = read.type === 'refused' ? path : (read.realPath ?? path)
    const known = files.get(place)
    // Links may lead several hosts to one file.
    if (known) known.paths.push(path)
    else files.set(place, { paths: [path], read })
  }
  return [...files.values()].flatMap(({ paths, read }) => {
    const ofFile = changes.filter(({ path }) => paths.includes(path))
    return planFile(paths[0], ofFile, read)
  })
}

/** Plans each change of a file by itself, so that a refused one does not stop the others. */
function planFile(
  path: string,
  changes: readonly FileChange[],
  read: ReturnType<FileTextReader>,
): FilePlanStep[] {
  if (read.type === 'refused') return changes.map((change) => ({ type: 'refused', why: read.why, change }))
  const before = read.type === 'text' ? read.text : undefined
  const others: FilePlanStep[] = []
  const made: FileChange[] = []
  const undo: DocumentEdit[] = []
  let after = before ?? ''
  let opened: ReturnType<typeof openDocumentText> | undefined
  let format: FileChange['format'] | undefined
  for (const change of changes) {
    if (opened === undefined || opened.type === 'refused' || format !== change.format) {
      format = change.format
      opened = openDocumentText(after, format)
    }
    const edited = edit(opened, change)
    if (edited.type !== 'edited') {
      others.push({ ...edited, change })
      continue
    }
    after = edited.text
    opened = edited.next
    made.push(change)
    undo.unshift(...edited.undo)
  }
  // Changes of two hosts in one file may cancel each other out.
  if (after === before) return [...made.map((change) => ({ type: 'unchanged', change }) as const), ...others]
  if (made.length === 0) return others
  return [filePlan({ path, before, after, changes: made, undo }), ...others]
}

function filePlan(planned: Omit<PlannedFile, 'type' | 'diff'>): PlannedFile {
  const { path, before, after } = planned
  let diff: string | undefined
  return {
    type: 'write',
    ...planned,
    get diff() {
      return (diff ??= createUnifiedDiff(before, after, path))
    },
  }
}

function edit(
  opened: OpenDocumentText | EditRefusal,
  { topLevelKeys, edits }: FileChange,
): ReturnType<OpenDocumentText['edit']> {
  if (opened.type === 'refused') return opened
  return refuseUnknownTopKeys(opened, topLevelKeys) ?? opened.edit(fitEdits(edits, opened))
}

/**
 * Fits edits to the data of a file: variables that the user set in our entry keep their values, an entry that starts no
 * program is replaced by ours, and a switch that is a table is set by its `enabled`.
 */
function fitEdits(edits: readonly DocumentEdit[], { getValueAt }: OpenDocumentText): DocumentEdit[] {
  return edits.flatMap((edit): DocumentEdit[] => {
    const { path } = edit
    const there = getValueAt(path)
    if (edit.type !== 'set' || !isDataTable(there)) return [edit]
    if (typeof edit.value === 'boolean') return [{ ...edit, path: [...path, 'enabled'] }]
    if (path.at(-1) !== mcpServerName) return [edit]
    if (there['command'] === undefined) return [{ type: 'remove', path }, edit]
    return [{ ...edit, value: withTheirVariables(edit.value, there['env']) }]
  })
}

const Table = z.record(z.string(), JsonValue)

function withTheirVariables(value: JsonValue, env: unknown): JsonValue {
  const ours = Table.safeParse(value).data
  const variables = Table.safeParse(ours?.['env']).data
  const theirs = Table.safeParse(env).data
  return ours && variables && theirs ? { ...ours, env: { ...variables, ...theirs } } : value
}

/**
 * The reverse of a change, for a file without a record. It removes only entries with our name, because a switch may have
 * been set by the user.
 */
export function reverseChange(change: FileChange): FileChange {
  // A file that its host would not read can still be edited.
  const { topLevelKeys: _, ...rest } = change
  return { ...rest, edits: change.edits.filter(carriesOurName).map(turned) }
}

function carriesOurName(edit: DocumentEdit): boolean {
  return JSON.stringify(('ours' in edit && edit.ours) || edit.path).includes(mcpServerName)
}

function turned(edit: DocumentEdit): DocumentEdit {
  if (edit.type === 'set') return { type: 'remove', path: edit.path, ours: edit.ours }
  if (edit.type === 'add-item') return { type: 'remove-items', path: edit.path, ours: edit.ours }
  return edit
}
