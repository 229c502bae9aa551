import { serverName } from '../hosts/server-entry.js'

/** The line that opens a managed block; Claude Code takes such comments out, the others show them to their model. */
export function openingMarker(version: number): string {
  return `<!-- BEGIN:${serverName} v${version} -->`
}

export const closingMarker = `<!-- END:${serverName} -->`

/** A marker, with the version that an opening one names. */
export type Marker = { type: 'opening'; version: number } | { type: 'closing' }

/** Which marker a line is, if it is one: alone on its line and at its beginning. */
export function markerOf(line: string): Marker | undefined {
  const bare = line.trimEnd()
  if (bare === closingMarker) return { type: 'closing' }
  const match = opening.exec(bare)
  return match === null ? undefined : { type: 'opening', version: Number(match[1] ?? 0) }
}

/** With any version: a block of a newer one is ours too. */
const opening = new RegExp(`^<!-- BEGIN:${serverName}(?: v(\\d+))? -->$`)
