import { readText, replaceFile } from '@subagent-mcp/installer'
import { SubagentError } from '@subagent-mcp/contract'
import { parseJson } from '@subagent-mcp/driver-kit'
import { join } from 'node:path'
import { z } from 'zod'
import { homeFolder } from '../settings/home-folder.js'

/** An update: the release before it, and the run under which its files were written, as in the wiring's state. */
export const Update = z.looseObject({ from: z.string(), run: z.string() })
export type Update = z.infer<typeof Update>

/** The updates that were made, the last one last. @throws SubagentError when the file cannot be read */
export function readUpdates(environment: NodeJS.ProcessEnv): Update[] {
  return load(pathOf(environment)).updates
}

/** Keeps the updates. @throws SubagentError `io-failed` */
export function changeUpdates(environment: NodeJS.ProcessEnv, edit: (updates: Update[]) => Update[]): void {
  const path = pathOf(environment)
  const { updates, bytes } = load(path)
  const after = Buffer.from(`${JSON.stringify(edit(updates), undefined, 2)}\n`)
  if (replaceFile({ path, before: bytes, after }) === 'replaced') return
  throw new SubagentError('io-failed', `somebody else writes ${path}`, { hint: 'run it again' })
}

function pathOf(environment: NodeJS.ProcessEnv): string {
  return join(homeFolder(environment), 'installer', 'updates.json')
}

function load(path: string): { updates: Update[]; bytes: Buffer | undefined } {
  const file = readText(path)
  if (file.type === 'absent') return { updates: [], bytes: undefined }
  const updates = z.array(Update).safeParse(file.type === 'text' ? parseJson(file.text) : undefined)
  if (file.type === 'text' && updates.success) return { updates: updates.data, bytes: file.bytes }
  const hint = 'move it away: then no update can be rolled back'
  throw new SubagentError('config-invalid', `cannot read ${path}`, { hint })
}
