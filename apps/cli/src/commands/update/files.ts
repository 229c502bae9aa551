import {
  newRun,
  openRecords,
  refresh,
  type RefreshedFile,
  type StaleFile,
  type Records,
} from '@subagent-mcp/installer'
import { exitCode } from '../../exit.js'
import { commandFor } from '../../releases/server-command.js'
import { installerOptions } from '../../settings/installer-options.js'
import { plainText } from '../../terminal/plain-text.js'
import { shortPath } from '../../terminal/short-path.js'
import type { Terminal } from '../../terminal/terminal.js'
import { say, type Saying } from '../../terminal/say.js'

/**
 * What the new release does once it is in place, as a part of the `run` that put it there. That a file is refused is
 * told, and no fault of the release.
 */
export async function bringUpToDate(
  { run, json }: { run?: string; json: boolean },
  terminal: Terminal,
): Promise<number> {
  // All that the daemon is, with the binaries of SQLite: what cannot be loaded shows now, while there is a way back.
  await import('../../open-runtime.js')
  await say(terminal, json, refreshFiles(terminal, openUpdate(terminal, run)))
  return exitCode.done
}

/** Opens the records for an update, or for a part of the update `run`. */
export function openUpdate(terminal: Terminal, run = newRun('update', terminal.now())): Records {
  return openRecords(installerOptions(terminal).stateFolder, run)
}

/** Brings the files of setup and init up to date, and says which. */
export function refreshFiles(terminal: Terminal, records: Records): Saying {
  return sayingOf(terminal, records, (file) => (file.type === 'old' ? file.write() : file))
}

/** Says which these are; touches nothing. */
export function planFiles(terminal: Terminal, records: Records): Saying {
  return sayingOf(terminal, records, (file) =>
    file.type === 'old' ? { type: 'old', path: file.path } : file,
  )
}

type Told = RefreshedFile | { type: 'old'; path: string }

function sayingOf(terminal: Terminal, records: Records, deal: (file: StaleFile) => Told): Saying {
  const files: Told[] = []
  const { machine } = installerOptions(terminal)
  for (const file of refresh({ machine, records, serverFor: commandFor })) files.push(deal(file))
  const lines = files.map((file) => lineOf(file, terminal))
  return { text: lines.join('\n') || 'what setup and init wrote is current', data: { files } }
}

function lineOf(file: Told, { home }: Terminal): string {
  const path = shortPath(file.path, home)
  if (file.type === 'old') return `would bring up to date: ${path}`
  if (file.type === 'written') return `brought up to date: ${path}`
  const { why, snippet } = file
  const more = snippet === undefined ? '' : `; it should have:\n${snippet.trimEnd()}`
  return `left as it is: ${path}: ${plainText(why)}${more}`
}
