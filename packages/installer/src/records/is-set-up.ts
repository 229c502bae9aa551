import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { valueAt } from '../edit/value.js'

/** The file of records in a state folder. */
export function recordsPath(stateFolder: string): string {
  return join(stateFolder, 'installer', 'records.json')
}

/**
 * Whether `setup` has wired a host for the user, or for this project; with `hooks`, whether it wrote our hooks there, too. Hooks
 * and the shim ask it at their start, so it reads the records without a schema; records that cannot be read count as none.
 * Never throws.
 */
export function isSetUp(
  stateFolder: string,
  { host, project, hooks }: { host: string | undefined; project: string; hooks: boolean },
): boolean {
  const choices = readChoices(recordsPath(stateFolder))
  return choices.some(
    (choice) =>
      valueAt(choice, ['host']) === host &&
      (valueAt(choice, ['scope']) === 'user' || valueAt(choice, ['project']) === project) &&
      (!hooks || valueAt(choice, ['hooks']) === true),
  )
}

function readChoices(path: string): readonly unknown[] {
  try {
    const choices = valueAt(JSON.parse(readFileSync(path, 'utf8')), ['choices'])
    return Array.isArray(choices) ? choices : []
  } catch {
    return []
  }
}
