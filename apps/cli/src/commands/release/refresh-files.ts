import {
  createRunName,
  openRecords,
  refreshSetup,
  type SetupFileRefresh,
  type Records,
} from '@subagent-mcp/installer'
import { getServerCommandForScope } from '../../releases/server-command.js'
import { createInstallerOptions } from '../../settings/installer-options.js'
import { escapeForTerminal } from '../../terminal/text.js'
import { formatShortPath } from '../../terminal/format.js'
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
export function openUpdateRecords(
  terminal: Terminal,
  run = createRunName('update', terminal.now()),
): Records {
  return openRecords(createInstallerOptions(terminal).stateFolder, run)
}

type ShownFile = SetupFileRefresh | { type: 'old'; path: string }

/** Updates the files of setup and init, and describes each; with `isDryRun` writes nothing, and describes what it would write. */
export function refreshHostFiles(
  terminal: Terminal,
  records: Records,
  { isDryRun = false } = {},
): { text: string; data: { files: readonly ShownFile[] } } {
  const { machine } = createInstallerOptions(terminal)
  const files: ShownFile[] = []
  for (const file of refreshSetup({ machine, records, serverFor: getServerCommandForScope })) {
    if (file.type !== 'old') files.push(file)
    else files.push(isDryRun ? { type: 'old', path: file.path } : file.write())
  }
  const lines = files.map((file) => lineOf(file, terminal))
  return { text: lines.join('\n') || 'the files of setup and init are up to date', data: { files } }
}

function lineOf(file: ShownFile, { home }: Terminal): string {
  const path = formatShortPath(file.path, home)
  if (file.type === 'old') return `would update: ${path}`
  if (file.type === 'written') return `updated: ${path}`
  const { why, snippet } = file
  const more = snippet === undefined ? '' : `; it should have:\n${snippet.trimEnd()}`
  return `left as it is: ${path}: ${escapeForTerminal(why)}${more}`
}
