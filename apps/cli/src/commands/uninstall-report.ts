import { isLeft, type UndoneFile } from '../wiring/undo-wiring.js'
import { plainText } from '../terminal/plain-text.js'
import { shortPath } from '../terminal/short-path.js'
import type { Terminal } from '../terminal/terminal.js'

/** What became of our own state: what the user wrote there is kept. */
export type Purged =
  { type: 'purged'; folder: string; kept: readonly string[] } | { type: 'not-purged'; why: string }

/** What a person reads of the files, and of our state. */
export function describeUndone(
  files: readonly UndoneFile[],
  { home, stdout: { paint } }: Terminal,
  purged?: Purged,
): string {
  const lines = files.map((file) => {
    const line = `${shortPath(file.path, home)}: ${outcomeOf(file)}`
    return isLeft(file) ? paint('red', line) : line
  })
  if (files.length === 0) lines.push('nothing of ours is in any file')
  if (purged) lines.push(...purgeLines(purged, home))
  return lines.map((line) => `${line}\n`).join('')
}

/** The same for a program. */
export function uninstallReport(files: readonly UndoneFile[], purged?: Purged): string {
  return `${JSON.stringify({ files, ...(purged && { purge: purged }) }, undefined, 2)}\n`
}

function outcomeOf(file: UndoneFile): string {
  switch (file.type) {
    case 'restored':
      return 'as it was before'
    case 'taken-out':
      return 'without ours; what others wrote since stays'
    case 'nothing-to-undo':
      return 'nothing of ours is in it'
    case 'changed-meanwhile':
      return 'somebody wrote to it meanwhile: run this again'
    case 'refused':
      return `ours could not be taken out: ${plainText(file.why)}`
  }
}

function purgeLines(purged: Purged, home: string): string[] {
  if (purged.type === 'not-purged') return [`our own state is kept, since ${purged.why}`]
  const folder = shortPath(purged.folder, home)
  const { kept } = purged
  return [kept.length === 0 ? `${folder} is gone` : `${folder}: all but what is yours: ${kept.join(', ')}`]
}
