import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Writes the `config.jsonc` of the user who owns this home folder, in place of the one that is there. */
export function writeUserConfig(home: string, config: object): void {
  const folder = join(home, '.subagent-mcp')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, 'config.jsonc'), JSON.stringify(config))
}
