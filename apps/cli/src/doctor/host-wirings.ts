import { SubagentError } from '@subagent-mcp/contract'
import {
  hosts,
  openRecords,
  serverName,
  valueAt,
  wiringOf,
  type Choice,
  type FileChange,
  type Host,
  type Wiring,
} from '@subagent-mcp/installer'
import { existsSync } from 'node:fs'
import { commandFor } from '../releases/server-command.js'
import { homeFolder } from '../settings/home-folder.js'
import type { Context } from './check.js'
import { readHostFile } from './host-file.js'

/** How a host is wired, or how it would be: `isChosen` where setup was told so. */
export type HostWiring = { host: Host; wiring: Wiring; trust: boolean; isChosen: boolean }

/**
 * What setup was told of each host, and for a host that is here and of which it was told nothing the least that there
 * may be: somebody may have written our entry by hand.
 */
export function wiringsOf(context: Context): HostWiring[] {
  const choices = choicesOf(context)
  return hosts.flatMap((host) => {
    const chosen = choices.filter((choice) => choice.host === host.id)
    const isForUser = chosen.some(({ scope }) => scope === 'user')
    return [
      ...chosen.map((choice) => ({
        ...{ host, wiring: wiringOf(choice, serverFor(choice, context)) },
        ...{ trust: choice.trust, isChosen: true },
      })),
      ...(isForUser ? [] : leastOf(host, 'user', context)),
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

/** The files in which hosts look for MCP servers, those of the project here among them, as far as they can be read. */
export function registrationsOf(context: Context): Registration[] {
  const here = hosts.flatMap((host) => leastOf(host, 'project', context))
  const seen = new Set<string>()
  return [...wiringsOf(context), ...here].flatMap((hostWiring) =>
    hostWiring.host.changes(context.machine, hostWiring.wiring).flatMap((change) => {
      const place = registeredAt(change)
      // A project's file may be one that was chosen, or in the home folder the user's.
      if (place === undefined || seen.has(change.path)) return []
      seen.add(change.path)
      const file = readHostFile(change)
      if (file.type !== 'data') return []
      return [{ ...hostWiring, change, place, data: file.data, entry: valueAt(file.data, place) }]
    }),
  )
}

/** Where a change puts our MCP server; undefined for one that is about something else. */
export function registeredAt({ edits }: FileChange): readonly string[] | undefined {
  return edits.find(({ type, path }) => type === 'set' && path.at(-1) === serverName)?.path
}

/** None where they cannot be read: that is told by itself. A project may be gone, and what was written into it. */
function choicesOf({ environment }: Context): Choice[] {
  try {
    const { choices } = openRecords(homeFolder(environment)).read()
    return choices.filter(({ scope, project }) => scope === 'user' || existsSync(project))
  } catch (error) {
    if (error instanceof SubagentError) return []
    throw error
  }
}

function leastOf(host: Host, scope: Wiring['scope'], context: Context): HostWiring[] {
  const { machine, project } = context
  if (!host.scopes.includes(scope) || !host.isPresent(machine)) return []
  const wiring = wiringOf(
    { scope, project, hooks: false, suppressNative: false },
    serverFor({ scope }, context),
  )
  return [{ host, wiring, trust: true, isChosen: false }]
}

function serverFor({ scope }: Pick<Wiring, 'scope'>, { server }: Context): Wiring['server'] {
  return scope === 'project' ? commandFor('project') : server
}
