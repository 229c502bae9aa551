import { isDeepStrictEqual } from 'node:util'
import { parse, TomlError } from 'smol-toml'
import { refuseLoneCarriageReturn, refuseTooDeepDocument, type EditRefusal, refuseEditAt } from '../edit.js'
import type { TextRange } from '../splice.js'
import { divideTomlIntoPieces } from './toml-pieces.js'
import { scanToml, type ScannedEntry, type ScannedHeader } from './toml-scan.js'
import type { DataPath } from '../value.js'

export type TomlEntry = Pick<ScannedEntry, 'range' | 'value'> & {
  /** The place of the table of its header; the keys before the equals sign are not included. */
  table: DataPath
  place: DataPath
}

export type TomlBlock = Pick<ScannedHeader, 'range' | 'several'> & {
  place: DataPath
  entries: readonly TomlEntry[]
}

/** A TOML text with its entries. Keys inside of inline tables are no entries. */
export type TomlDocument = {
  text: string
  data: unknown
  lastTop: TextRange | undefined
  entries: readonly TomlEntry[]
  blocks: readonly TomlBlock[]
}

/** A valid TOML text. A long one is parsed only as far as its values are asked for, because parsing all of it takes a second. */
export type OpenTomlText = {
  text: string
  data(): unknown
  /** Parses the entries of some top-level keys. The result of the last call is kept. */
  part(keys: ReadonlySet<string>): TomlPart | EditRefusal
}

const longText = 500_000

/** Opens a TOML text; refuses a text that the host could not read. */
export function parseTomlDocument(text: string): { type: 'document'; document: OpenTomlText } | EditRefusal {
  return refuseTooDeepDocument(() => {
    if (
      text.length > longText &&
      divideTomlIntoPieces(text)?.every((piece) => parseToml(piece).type === 'data')
    )
      return { type: 'document', document: openTomlText(text) }
    const parsed = parseToml(text)
    return parsed.type === 'refused'
      ? parsed
      : { type: 'document', document: openTomlText(text, parsed.data) }
  })
}

/** Opens a TOML text that is known to be valid, with its data and a part if they were parsed already. */
export function openTomlText(text: string, data?: unknown, part?: TomlPart): OpenTomlText {
  let whole = data
  let last = part
  return {
    text,
    data: () => (whole ??= dataOf(text)),
    part: (keys) => {
      if (last !== undefined && isDeepStrictEqual(last.keys, keys)) return last
      const found = parseTomlPart(text, keys)
      if (found.type !== 'refused') last = found
      return found
    },
  }
}

function dataOf(text: string): unknown {
  const parsed = parseToml(text)
  return parsed.type === 'refused' ? undefined : parsed.data
}

function parseToml(text: string): { type: 'data'; data: unknown } | EditRefusal {
  const refusal = refuseLoneCarriageReturn(text)
  if (refusal !== undefined) return refusal
  try {
    return { type: 'data', data: parse(text, { integersAsBigInt: 'asNeeded' }) }
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause
    return { type: 'refused', why: `line ${cause.line}: ${cause.message.split('\n')[0] ?? ''}` }
  }
}

/** A document with the entries of some top-level keys, and the ranges of all other lines. */
export type TomlPart = { type: 'document'; keys: ReadonlySet<string>; document: TomlDocument; others: Ranges }

/** The starts and ends of text ranges in turn, in one array, because there may be hundreds of thousands. */
type Ranges = readonly number[]

/** Parses the entries of some top-level keys, and finds the ranges of all other lines. */
export function parseTomlPart(text: string, keys: ReadonlySet<string>): TomlPart | EditRefusal {
  const { others, lastTop, entries, blocks } = divide(text, keys)
  const top = entries.filter(({ table }) => table.length === 0).map(({ range }) => range)
  const tables = blocks.map((block) => ({ start: block.range.start, end: findTomlBlockEnd(block) }))
  const parsed = parseToml([...top, ...tables].map(({ start, end }) => text.slice(start, end)).join('\n'))
  if (parsed.type === 'refused') return parsed
  return { type: 'document', keys, document: { text, data: parsed.data, lastTop, entries, blocks }, others }
}

/** Whether two versions of a TOML text have the same lines for all keys that are not edited, in the same order. */
export function haveSameUneditedLines(left: TomlPart, right: TomlPart): boolean {
  if (left.others.length !== right.others.length) return false
  for (let index = 0; index < left.others.length; index += 2) {
    const mine = left.document.text.slice(left.others[index], left.others[index + 1])
    if (mine !== right.document.text.slice(right.others[index], right.others[index + 1])) return false
  }
  return true
}

export function findTomlBlockEnd(block: TomlBlock): number {
  return (block.entries.at(-1) ?? block).range.end
}

type Divided = Pick<TomlDocument, 'lastTop' | 'entries' | 'blocks'> & { others: Ranges }

function divide(text: string, keys: ReadonlySet<string>): Divided {
  const placeOf = tellTablesApart()
  const others: number[] = []
  const entries: TomlEntry[] = []
  const blocks: TomlBlock[] = []
  let lastTop: TextRange | undefined
  /** The table of the next entry; undefined when it belongs to another top-level key. */
  let block: { place: DataPath; entries: TomlEntry[] } | undefined
  let isTop = true
  for (const line of scanToml(text)) {
    const { range, keys: own } = line
    isTop &&= line.type === 'entry'
    if (isTop) lastTop = range
    if (line.type === 'header') block = undefined
    const isMine = block !== undefined || ((isTop || line.type === 'header') && keys.has(own[0] ?? ''))
    if (!isMine) others.push(range.start, range.end)
    else if (line.type === 'header') {
      const opened = { range, several: line.several, place: placeOf(line), entries: [] }
      blocks.push(opened)
      block = opened
    } else {
      const table = block?.place ?? []
      const entry = { range, value: line.value, table, place: [...table, ...own] }
      entries.push(entry)
      block?.entries.push(entry)
    }
  }
  return { others, lastTop, entries, blocks }
}

export function isPathAtOrBelow(place: DataPath, outer: DataPath): boolean {
  return outer.every((key, index) => key === place[index])
}

export function isSamePath(left: DataPath, right: DataPath): boolean {
  return left.length === right.length && isPathAtOrBelow(left, right)
}

/** Computes the path of each TOML header. The name of an array of tables stands for its last table so far. */
function tellTablesApart(): (header: ScannedHeader) => DataPath {
  const counts = new Map<string, number>()
  return ({ keys, several }) => {
    if (counts.size === 0 && !several) return keys
    let place: DataPath = []
    for (const [depth, key] of keys.entries()) {
      place = [...place, key]
      const name = JSON.stringify(place)
      const count = counts.get(name)
      if (several && depth === keys.length - 1) {
        counts.set(name, (count ?? 0) + 1)
        place = [...place, count ?? 0]
      } else if (count !== undefined) place = [...place, count - 1]
    }
    return place
  }
}

/**
 * The reason why a path cannot be edited: a table on it is an inline table, is defined by dotted keys, or is in an array of
 * tables. Below such a table a header is invalid or means something else.
 */
export function findEditObstacle(document: TomlDocument, path: DataPath): EditRefusal | undefined {
  const { text, entries, blocks } = document
  const entry = entries.find(({ table, place }) => {
    const shared = sharedLength(place, path)
    return shared > table.length && shared < path.length
  })
  if (entry !== undefined) {
    const why = `${entry.place.join('.')} is an inline table, a value or dotted keys`
    return refuseEditAt(text, entry.range.start, why)
  }
  const block = blocks.find(({ place }) => {
    const shared = sharedLength(place, path)
    return shared < path.length && typeof place[shared] === 'number'
  })
  if (block === undefined) return undefined
  return refuseEditAt(text, block.range.start, `${block.place.join('.')} is one of several tables`)
}

/** The entry whose dotted keys define a table at a path, such as `path.x = 1`. */
export function findDottedTomlEntry(document: TomlDocument, path: DataPath): EditRefusal | undefined {
  const entry = document.entries.find(
    ({ table, place }) =>
      table.length < path.length && place.length > path.length && isPathAtOrBelow(place, path),
  )
  return entry && refuseEditAt(document.text, entry.range.start, `${path.join('.')} is made by dotted keys`)
}

export function findTomlHeader(document: TomlDocument, path: DataPath): TomlBlock | undefined {
  return document.blocks.find(({ several, place }) => !several && isSamePath(place, path))
}

function sharedLength(left: DataPath, right: DataPath): number {
  const end = left.findIndex((key, index) => key !== right[index])
  return end === -1 ? left.length : end
}
