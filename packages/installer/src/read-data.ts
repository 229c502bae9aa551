import type { Refused } from './edit/edit.js'
import { readJson } from './edit/json-document.js'
import { readToml } from './edit/toml-document.js'
import type { FileFormat } from './hosts/host.js'

/** What a host's file says, read as strictly as its host reads it. */
export function readData(
  text: string,
  format: FileFormat,
  topLevelKeys?: readonly string[],
): { type: 'data'; data: unknown } | Refused {
  const isMarked = text.startsWith('\uFEFF')
  if (isMarked && format !== 'toml' && !format.bom) {
    return { type: 'refused', why: 'line 1: a byte order mark' }
  }
  const body = isMarked ? text.slice(1) : text
  const read = format === 'toml' ? readToml(body) : readJson(body, format)
  if (read.type === 'refused') return read
  const { data } = read.document
  const strange = Object.keys(data ?? {}).filter((key) => topLevelKeys?.includes(key) === false)
  if (strange.length === 0) return { type: 'data', data }
  return { type: 'refused', why: `its host takes no ${strange.join(', ')} at its top` }
}
