import type { SessionSpec } from '@subagent-mcp/contract'
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Says of a session that is held to less than Codex itself would do what cannot be kept from it. */
export function permissionNotes(spec: SessionSpec): readonly string[] {
  const files = spec.asksAll || spec.permissions === 'read-only' ? ruleFiles(spec) : []
  return files.length > 0 ? [`codex runs unasked what the user's own rules allow: ${files.join(', ')}`] : []
}

/** The app server takes no word to leave them out (0.169). Those of a project it leaves out: it is not trusted. */
function ruleFiles({ environment }: SessionSpec): readonly string[] {
  const home = environment['HOME'] ?? environment['USERPROFILE'] ?? homedir()
  const folder = join(environment['CODEX_HOME'] ?? join(home, '.codex'), 'rules')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.rules'))
    .map((name) => join(folder, name))
}
