import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export function getRecordsFilePath(stateFolder: string): string {
  return join(stateFolder, 'installer', 'records.json')
}

/**
 * Whether `setup` has wired a host for the user, or for this project; with `hooks`, whether it wrote our hooks there, too. Hooks
 * and the shim ask it at their start, so it reads the records without a schema; records that cannot be read count as none.
 * Never throws.
 */
export function isHostSetUp(
  stateFolder: string,
  { host, project, hooks }: { host: string | undefined; project: string; hooks: boolean },
): boolean {
  return readChoices(getRecordsFilePath(stateFolder)).some(
    (choice) =>
      has(choice, 'host', host) &&
      (has(choice, 'scope', 'user') || has(choice, 'project', project)) &&
      (!hooks || has(choice, 'hooks', true)),
  )
}

function readChoices(path: string): readonly unknown[] {
  try {
    const records: unknown = JSON.parse(readFileSync(path, 'utf8'))
    const choices: unknown = Reflect.get(Object(records), 'choices')
    return Array.isArray(choices) ? choices : []
  } catch {
    return []
  }
}

function has(choice: unknown, key: string, value: unknown): boolean {
  return typeof choice === 'object' && choice !== null && Reflect.get(choice, key) === value
}
