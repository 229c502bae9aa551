import type { Refused } from './edit/edit.js'
import { openText } from './edit/open-text.js'
import type { FileFormat } from './hosts/host.js'

/** Parses a file as strictly as its host. */
export function readData(
  text: string,
  format: FileFormat,
  topLevelKeys?: readonly string[],
): { type: 'data'; data: unknown } | Refused {
  const opened = openText(text, format)
  if (opened.type === 'refused') return opened
  const { data } = opened
  return strangeKeys(data, topLevelKeys) ?? { type: 'data', data }
}

/** Refuses data with a top-level key that its host does not accept. */
export function strangeKeys(data: unknown, topLevelKeys: readonly string[] | undefined): Refused | undefined {
  const strange = Object.keys(data ?? {}).filter((key) => topLevelKeys?.includes(key) === false)
  if (strange.length === 0) return undefined
  return { type: 'refused', why: `its host takes no ${strange.join(', ')} at its top` }
}
