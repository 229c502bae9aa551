import { serverName } from '../hosts/server-entry.js'

/** The line that opens a managed block; Claude Code takes such comments out, the others show them to their model. */
export function openingMarker(version: number): string {
  return `<!-- BEGIN:${serverName} v${version} -->`
}

export const closingMarker = `<!-- END:${serverName} -->`

/** Which marker a line is, if it is one: alone on its line and at its beginning. */
export function markerOf(line: string): 'opening' | 'closing' | undefined {
  const bare = line.trimEnd()
  if (bare === closingMarker) return 'closing'
  return opening.test(bare) ? 'opening' : undefined
}

/** With any version: a block of a newer one is ours too. */
const opening = new RegExp(`^<!-- BEGIN:${serverName}( v\\d+)? -->$`)
