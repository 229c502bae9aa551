import { isFirstInLine } from '../splice.js'
import { scanToml } from './toml-scan.js'

const defaultLength = 60_000

/**
 * Divides a TOML text into pieces that are all valid if, and only if, the text is. Parsing them takes half the time of
 * parsing the text, because the parser keeps several objects for each table until it has finished.
 *
 * Headers can contradict each other only if they have the same first two keys or if one of them has a single key. So tables
 * with the same first two keys are in one piece, and every piece has all tables with one key and the entries above them.
 * Returns undefined for a text that cannot be divided like this, or not with profit.
 */
export function divideTomlIntoPieces(text: string, length = defaultLength): string[] | undefined {
  const count = Math.ceil(text.length / length)
  const pieces = Array.from({ length: count }, () => Array<string>())
  let block: { start: number; keys: readonly string[] } = { start: 0, keys: [] }
  let shared = 0
  const add = (end: number) => {
    const lines = text.slice(block.start, end)
    if (block.keys.length > 1) pieces[hashOf(block.keys) % count]?.push(lines)
    else {
      shared += lines.length
      for (const piece of pieces) piece.push(lines)
    }
  }
  for (const line of scanToml(text)) {
    if (line.type === 'entry') continue
    const { start } = line.range
    // A header behind something else in its line is an error, which would be lost at the beginning of a piece.
    if (start > 0 && !isFirstInLine(text, start)) return undefined
    add(start)
    if (shared * count > text.length) return undefined
    block = { start, keys: line.keys }
  }
  add(text.length)
  return pieces.map((piece) => piece.join(''))
}

function hashOf([first = '', second = '']: readonly string[]): number {
  let hash = first.length
  for (let at = 0; at < second.length; at += 1) hash = (hash * 31 + second.charCodeAt(at)) % 1_000_003
  return hash
}
