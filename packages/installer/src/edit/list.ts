import {
  measureLineBreakAfter,
  createCutSplice,
  createInsertSplice,
  detectLineBreak,
  type TextRange,
  type Splice,
} from './splice.js'

export type ListMark = TextRange & { type: 'comma' | 'line-comment' | 'block-comment' }

/** The ranges of the items of an array, or of the members of an object, in JSON or TOML. */
export type TextList = {
  text: string
  /** The offsets behind the opening bracket, and of the closing bracket. */
  open: number
  close: number
  items: readonly TextRange[]
  marks: readonly ListMark[]
}

export type ItemLayout = {
  /** The indentation of an item with its own line, or the space behind a comma of a list in one line. */
  lead: { type: 'line'; indent: string; closing: string } | { type: 'space'; space: string }
  lineBreak: string
}

/** Adds an item as the last one. The old text stays, and comments stay with their items. */
export function appendListItem(list: TextList, item: string, layout: ItemLayout): Splice[] {
  const last = list.items.at(-1)
  if (last === undefined) return [fillEmpty(list, item, layout)]
  const behind = list.marks.filter((mark) => mark.start >= last.end)
  const comma = behind.find((mark) => mark.type === 'comma')
  const remark = remarkBehind(list, behind, comma?.end ?? last.end)
  const place = remark?.end ?? comma?.end ?? last.end
  const newItem = createInsertSplice(
    place,
    `${leadOf(layout, remark)}${item}${comma === undefined ? '' : ','}`,
  )
  return comma === undefined ? [createInsertSplice(last.end, ','), newItem] : [newItem]
}

/** Removes an item with its comma and the white space before it. Comments around it stay. */
export function removeListItem(list: TextList, index: number, gap: string | undefined): Splice[] {
  const item = list.items[index]
  if (item === undefined) return []
  const from = list.items[index - 1]?.end ?? list.open
  const to = list.items[index + 1]?.start ?? list.close
  const before = list.marks.filter((mark) => mark.start >= from && mark.end <= item.start)
  const behind = list.marks.filter((mark) => mark.start >= item.end && mark.end <= to)
  const comma = behind.find((mark) => mark.type === 'comma')
  if (list.items.length === 1 && behind.every((mark) => mark === comma)) {
    return [makeEmpty(list, before.at(-1), gap)]
  }
  const ownComma = comma ?? before.find((mark) => mark.type === 'comma')
  const remark = before.at(-1)
  const needsBreak = remark?.type === 'line-comment' && !endsLine(list.text, item)
  const lead = needsBreak ? item.start : (remark?.end ?? from)
  return [
    createCutSplice(lead, item.end),
    ...(ownComma === undefined ? [] : [createCutSplice(ownComma.start, ownComma.end)]),
  ]
}

/** The white space in an empty list, behind its last comment. */
export function findEmptyListSpace(list: TextList): string {
  return list.text.slice(list.marks.at(-1)?.end ?? list.open, list.close)
}

function fillEmpty(list: TextList, item: string, layout: ItemLayout): Splice {
  const remark = list.marks.at(-1)
  const gap = findEmptyListSpace(list)
  const lead = leadOf(layout, remark)
  if (gap.includes('\n')) return createInsertSplice(list.close - gap.length, `${lead}${item}`)
  if (layout.lead.type === 'space') return createInsertSplice(list.close, `${item}${gap}`)
  return createInsertSplice(list.close, `${lead}${item}${layout.lineBreak}${layout.lead.closing}`)
}

/** The removal of what a list contains. A line break behind a line comment stays, or the bracket would become part of the comment. */
function makeEmpty(list: TextList, remark: ListMark | undefined, gap: string | undefined): Splice {
  const start = remark?.end ?? list.open
  if (remark?.type !== 'line-comment' || gap?.includes('\n'))
    return { start, end: list.close, text: gap ?? '' }
  const behind = /\s*$/.exec(list.text.slice(start, list.close))?.[0] ?? ''
  return { start, end: list.close, text: behind.includes('\n') ? behind : detectLineBreak(list.text) }
}

/** The last comment that begins in the line of an item, because it is about that item. */
function remarkBehind(list: TextList, marks: readonly ListMark[], place: number): ListMark | undefined {
  let remark: ListMark | undefined
  for (const mark of marks) {
    if (mark.start < place) continue
    if (list.text.slice(remark?.end ?? place, mark.start).includes('\n')) break
    remark = mark
  }
  return remark
}

function leadOf(layout: ItemLayout, remark: ListMark | undefined): string {
  if (layout.lead.type === 'line') return `${layout.lineBreak}${layout.lead.indent}`
  return remark?.type === 'line-comment' ? layout.lineBreak : layout.lead.space
}

/** Whether a line ends behind an item and its comma. The line break before the item can then be removed, even behind a comment. */
function endsLine(text: string, item: TextRange): boolean {
  const rest = /^[ \t]*,?[ \t]*/.exec(text.slice(item.end))?.[0] ?? ''
  return measureLineBreakAfter(text, item.end + rest.length) > 0
}
