import { isStillInFile, type UndoneFile } from '@subagent-mcp/installer'
import { homeFolder } from '../settings/home-folder.js'
import { plural } from '../terminal/amounts.js'
import { plainText } from '../terminal/plain-text.js'
import { shortPath } from '../terminal/short-path.js'
import type { Terminal } from '../terminal/terminal.js'

/** How all is taken back; `purge`: the state too. */
export type UninstallOrder = { purge: boolean; dryRun: boolean; yes: boolean; json: boolean }

/** What became of our own state, or would become of it: what the user wrote there is kept. */
export type Purged =
  | { type: 'purged'; folder: string; kept: readonly string[] }
  | { type: 'to-purge'; folder: string }
  | { type: 'not-purged'; why: string }

/** What a person has to agree to; undefined where there is nothing to take. */
export function uninstallQuestion(
  { purge }: Pick<UninstallOrder, 'purge'>,
  foreseen: readonly UndoneFile[],
  { environment, home }: Pick<Terminal, 'environment' | 'home'>,
): string | undefined {
  const number = foreseen.filter(({ type }) => type !== 'nothing-to-undo').length
  const parts = [
    ...(number > 0 ? [`take ${plural(number, 'file')} back`] : []),
    ...(purge ? [`forget all that is in ${shortPath(homeFolder(environment), home)}`] : []),
  ]
  return parts.length > 0 ? `${parts.join(', and ')}?` : undefined
}

/** What a person reads of the files. */
export function describeUndone(files: readonly UndoneFile[], { home, stdout: { paint } }: Terminal): string {
  const lines = files.map((file) => {
    const line = `${shortPath(file.path, home)}: ${outcomeOf(file)}`
    return isStillInFile(file) ? paint('red', line) : line
  })
  if (files.length === 0) lines.push('nothing of ours is in any file')
  return lines.map((line) => `${line}\n`).join('')
}

/** What a person reads of our state. */
export function describePurge(purged: Purged, { home }: Pick<Terminal, 'home'>): string {
  if (purged.type === 'not-purged') return `our own state is kept, since ${plainText(purged.why)}\n`
  const folder = shortPath(purged.folder, home)
  if (purged.type === 'to-purge')
    return `${folder}: without all agents and their answers, backups, records and logs; what is yours stays\n`
  const { kept } = purged
  return `${folder}: ${kept.length === 0 ? 'nothing is left' : `all but what is yours: ${kept.join(', ')}`}\n`
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
    case 'unrecorded':
      return 'no record of ours speaks of it; without what has our name in it'
    case 'changed-meanwhile':
      return 'somebody wrote to it meanwhile: run this again'
    case 'refused':
      return `ours could not be taken out: ${plainText(file.why)}`
  }
}
