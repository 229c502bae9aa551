import type { SessionSpec } from '@subagent-mcp/contract'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { codexHome } from '../sign-in.js'

/** Notes on calls that Codex runs although the session must not: its rule files cannot be switched off (0.169). */
export function permissionNotes(spec: SessionSpec): readonly string[] {
  const files = spec.asksAll || spec.permissions === 'read-only' ? ruleFiles(spec) : []
  return files.length > 0 ? [`codex runs unasked what the user's own rules allow: ${files.join(', ')}`] : []
}

/** The user's rule files. Those of a project are not read, because Codex does not trust the project. */
function ruleFiles({ environment }: SessionSpec): readonly string[] {
  const folder = join(codexHome(environment), 'rules')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.rules'))
    .map((name) => join(folder, name))
}
