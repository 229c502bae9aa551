import {
  forwardedNames,
  hosts,
  serverName,
  valueAt,
  type FileChange,
  type Host,
  type Wiring,
} from '@subagent-mcp/installer'
import { existsSync } from 'node:fs'
import type { Choice } from '../wiring/choice.js'
import { openWiringState } from '../wiring/wiring-state.js'
import type { Context } from './check.js'
import { readHostFile } from './host-file.js'

/** How a host is wired, or how it would be: `isChosen` where setup was told so. */
export type HostWiring = { host: Host; wiring: Wiring; isChosen: boolean }

/**
 * What setup was told of each host, and for a host that is here and of which it was told nothing the least that there
 * may be: somebody may have written our entry by hand. @throws SubagentError when what setup was told cannot be read
 */
export function wiringsOf(context: Context): HostWiring[] {
  const choices = openWiringState(context.environment).read().choices.filter(isStillThere)
  return hosts.flatMap((host) => {
    const chosen = choices.filter((choice) => choice.host === host.id)
    const isForUser = chosen.some(({ scope }) => scope === 'user')
    const least = {
      scope: 'user',
      project: context.project,
      hooks: false,
      suppressNative: false,
      trust: false,
    } as const
    return [
      ...chosen.map((choice) => ({ host, wiring: wiringOf(context, choice), isChosen: true })),
      ...(!isForUser && host.isPresent(context.machine)
        ? [{ host, wiring: wiringOf(context, least), isChosen: false }]
        : []),
    ]
  })
}

/** The place of our MCP server in a file that its host can read; `entry` is missing where it is not registered. */
export type Registration = HostWiring & {
  change: FileChange
  place: readonly string[]
  data: unknown
  entry: unknown
}

/** The file of each wiring in which its host looks for MCP servers, as far as they can be read. @throws SubagentError */
export function registrationsOf(context: Context): Registration[] {
  return wiringsOf(context).flatMap((hostWiring) => {
    const changes = hostWiring.host.changes(context.machine, hostWiring.wiring)
    return changes.flatMap((change) => {
      const place = registeredAt(change)
      const file = place === undefined ? undefined : readHostFile(change)
      if (place === undefined || file?.type !== 'data') return []
      return [{ ...hostWiring, change, place, data: file.data, entry: valueAt(file.data, place) }]
    })
  })
}

/** Where a change puts our MCP server; undefined for one that is about something else. */
export function registeredAt({ edits }: FileChange): readonly string[] | undefined {
  return edits.find(({ type, path }) => type === 'set' && path.at(-1) === serverName)?.path
}

/** A project may be gone, and what was written into it with it. */
function isStillThere({ scope, project }: Choice): boolean {
  return scope === 'user' || existsSync(project)
}

function wiringOf({ server }: Context, choice: Omit<Choice, 'host'>): Wiring {
  const { scope, project, hooks, suppressNative } = choice
  return { server, forward: forwardedNames, scope, project, hooks, suppressNative }
}
