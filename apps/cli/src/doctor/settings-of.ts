import type { Wiring } from '@subagent-mcp/installer'
import { basename, dirname, join } from 'node:path'
import type { Context } from './check.js'
import { readHostFile } from './host-file.js'
import type { HostWiring } from './wirings.js'

/** A file of a host's settings that can be read. */
export type Settings = { scope: Wiring['scope']; path: string; data: unknown }

/** What a host reads under this name: the user's file, then that of the project; or other files beside these. */
export function settingsOf(
  hostWiring: HostWiring,
  context: Context,
  name: string,
  beside: string = name,
): Settings[] {
  const { host, wiring } = hostWiring
  const project = projectOf(hostWiring, context)
  return (['user', 'project'] as const).flatMap((scope) => {
    const changes = host.changes(context.machine, { ...wiring, scope, project })
    const change = changes.find(({ path }) => basename(path) === name)
    if (change === undefined) return []
    const path = join(dirname(change.path), beside)
    const file = readHostFile({ ...change, path })
    return file.type === 'data' ? [{ scope, path, data: file.data }] : []
  })
}

/** The project that a wiring is for, or the one here. */
function projectOf({ wiring }: HostWiring, { project }: Context): string {
  return wiring.scope === 'project' ? wiring.project : project
}

/** Whether a list holds a word. */
export function includes(list: unknown, word: string): boolean {
  return Array.isArray(list) && list.includes(word)
}
