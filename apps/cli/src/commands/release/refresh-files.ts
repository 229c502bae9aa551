import {
  newRunName,
  openRecords,
  refreshSetup,
  type SetupFileRefresh,
  type OutdatedSetupFile,
  type Records,
} from '@subagent-mcp/installer'
import { commandForScope } from '../../releases/server-command.js'
import { installerOptions } from '../../settings/installer-options.js'
import { safeText } from '../../terminal/text.js'
import { shortPath } from '../../terminal/format.js'
import { printResult } from '../../terminal/print.js'
import type { Terminal } from '../../terminal/terminal.js'

/**
 * Updates the files of setup and init. Runs in the new release, after the update `run` has installed it. A file that cannot be updated
 * does not fail the update.
 */
export async function finishUpdate(
  { run, json }: { run?: string; json: boolean },
  terminal: Terminal,
): Promise<number> {
  // Loads the daemon with the binaries of SQLite, so that a broken release is found while the old one can be restored.
  await import('../../open-runtime.js')
  return printResult(terminal, json, refreshHostFiles(terminal, openUpdateRecords(terminal, run)))
}

/** Opens the installer's records for a new update, or for the update `run` that has begun. */
export function openUpdateRecords(terminal: Terminal, run = newRunName('update', terminal.now())): Records {
  return openRecords(installerOptions(terminal).stateFolder, run)
}

/** Updates the files of setup and init, and describes each. */
export function refreshHostFiles(terminal: Terminal, records: Records): FilesResult {
  return describeFiles(terminal, records, (file) => (file.type === 'old' ? file.write() : file))
}

/** Describes the files of setup and init that an update would write. */
export function describePlannedFiles(terminal: Terminal, records: Records): FilesResult {
  return describeFiles(terminal, records, (file) =>
    file.type === 'old' ? { type: 'old', path: file.path } : file,
  )
}

/** A result of an update, whose data lists the files of setup and init. */
type FilesResult = { text: string; data: { files: readonly ShownFile[] } }

type ShownFile = SetupFileRefresh | { type: 'old'; path: string }

function describeFiles(
  terminal: Terminal,
  records: Records,
  handle: (file: OutdatedSetupFile) => ShownFile,
): FilesResult {
  const files: ShownFile[] = []
  const { machine } = installerOptions(terminal)
  for (const file of refreshSetup({ machine, records, serverFor: commandForScope })) files.push(handle(file))
  const lines = files.map((file) => lineOf(file, terminal))
  return { text: lines.join('\n') || 'the files of setup and init are up to date', data: { files } }
}

function lineOf(file: ShownFile, { home }: Terminal): string {
  const path = shortPath(file.path, home)
  if (file.type === 'old') return `would update: ${path}`
  if (file.type === 'written') return `updated: ${path}`
  const { why, snippet } = file
  const more = snippet === undefined ? '' : `; it should have:\n${snippet.trimEnd()}`
  return `left as it is: ${path}: ${safeText(why)}${more}`
}
