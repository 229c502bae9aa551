import { unifiedDiff } from './diff.js'
import type { Edit, Refused } from './edit/edit.js'
import { openText, type OpenText } from './edit/open-text.js'
import { fitEdits } from './fit-edits.js'
import type { FileChange } from './hosts/host.js'
import { strangeKeys } from './read-data.js'

/** What is to be done to one file, or why one change of it is not. */
export type Planned = FilePlan | RefusedChange | { type: 'unchanged'; change: FileChange }

/** One file's new text, with all changes that make it. */
export type FilePlan = {
  type: 'write'
  path: string
  /** Undefined where there is no file yet. */
  before: string | undefined
  after: string
  diff: string
  changes: readonly FileChange[]
  /** What gives the old text back when somebody has written to the file since. */
  undo: readonly Edit[]
}

export type RefusedChange = Refused & { change: FileChange }

/** A file's text as its host would read it; `realPath` is where it lies behind links, its own path else. */
export type ReadText = (
  path: string,
) => { type: 'text'; text: string; realPath?: string } | { type: 'absent'; realPath?: string } | Refused

/** What the changes come to, file by file in their order; touches nothing. */
export function plan(changes: readonly FileChange[], readText: ReadText): Planned[] {
  const files = new Map<string, { paths: [string, ...string[]]; read: ReturnType<ReadText> }>()
  for (const path of new Set(changes.map((change) => change.path))) {
    const read = readText(path)
    const place = read.type === 'refused' ? path : (read.realPath ?? path)
    const known = files.get(place)
    // Links may lead more than one host to one file.
    if (known) known.paths.push(path)
    else files.set(place, { paths: [path], read })
  }
  return [...files.values()].flatMap(({ paths, read }) => {
    const ofFile = changes.filter(({ path }) => paths.includes(path))
    return planFile(paths[0], ofFile, read)
  })
}

/** Each change by itself: one that cannot be made does not keep the others from it. */
function planFile(path: string, changes: readonly FileChange[], read: ReturnType<ReadText>): Planned[] {
  if (read.type === 'refused') return changes.map((change) => ({ type: 'refused', why: read.why, change }))
  const before = read.type === 'text' ? read.text : undefined
  const others: Planned[] = []
  const made: FileChange[] = []
  const undo: Edit[] = []
  let after = before ?? ''
  let opened: ReturnType<typeof openText> | undefined
  let format: FileChange['format'] | undefined
  for (const change of changes) {
    if (opened === undefined || opened.type === 'refused' || format !== change.format) {
      format = change.format
      opened = openText(after, format)
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
  // Two hosts in one file may undo each other's words on the way to the same text.
  if (after === before) return [...made.map((change) => ({ type: 'unchanged', change }) as const), ...others]
  if (made.length === 0) return others
  const diff = unifiedDiff(before, after, path)
  return [{ type: 'write', path, before, after, diff, changes: made, undo }, ...others]
}

function edit(opened: OpenText | Refused, { topLevelKeys, edits }: FileChange): ReturnType<OpenText['edit']> {
  if (opened.type === 'refused') return opened
  return strangeKeys(opened.data, topLevelKeys) ?? opened.edit(fitEdits(edits, opened.data))
}
