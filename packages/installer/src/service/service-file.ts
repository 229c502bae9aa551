import { SubagentError } from '@subagent-mcp/contract'
import { readText, replaceFile } from '@subagent-mcp/installer'
import { rmSync } from 'node:fs'
import { marker } from './service-text.js'

/** Whether the file of the service is there. @throws SubagentError `name-taken` for one that is not ours */
export function hasServiceFile(path: string): boolean {
  return readOurs(path) !== undefined
}

/** Writes it. @throws SubagentError `name-taken` where there is one that is not ours */
export function writeServiceFile(path: string, text: string): 'written' | 'changed' | 'same' {
  const before = readOurs(path)
  if (before?.toString() === text) return 'same'
  if (replaceFile({ path, before, after: Buffer.from(text) }) === 'changed-meanwhile')
    throw new SubagentError('io-failed', `somebody else writes ${path}`, { hint: 'run it again' })
  return before ? 'changed' : 'written'
}

/** Removes it. @throws SubagentError `name-taken` for one that is not ours */
export function removeServiceFile(path: string): void {
  if (readOurs(path)) rmSync(path, { force: true })
}

function readOurs(path: string): Buffer | undefined {
  const file = readText(path)
  if (file.type === 'absent') return undefined
  if (file.type === 'text' && file.text.includes(marker)) return file.bytes
  const why = file.type === 'refused' ? file.why : 'service install has not written it'
  throw new SubagentError('name-taken', `${path} is not ours: ${why}`, {
    hint: 'move it away; what ours would be: subagent-mcp service install --print',
  })
}
