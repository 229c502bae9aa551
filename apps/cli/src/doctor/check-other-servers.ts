import { valueAt } from '@subagent-mcp/installer'
import { fine, type Check, type Context, type Finding } from './check.js'
import { knownServers } from './known-servers.js'
import { commandIn } from './setup-again.js'
import { registrationsOf, type Registration } from './wirings.js'

/** Other servers of sub-agents beside ours, ours under another name among them. */
export const checkOtherServers: Check = {
  name: 'other servers',
  run: (context) => {
    const findings = registrationsOf(context).flatMap((registration) =>
      tablesOf(registration, context).flatMap((table) => look(registration, table, context)),
    )
    return findings.length > 0 ? findings : [fine('none that runs sub-agents too')]
  },
}

/** Servers of one host by name, and the scope that its own `mcp remove` takes. */
type Table = { place: readonly string[]; servers: Readonly<Record<string, unknown>>; scope: string }

function tablesOf({ host, wiring, place, data }: Registration, { project }: Context): Table[] {
  const parent = place.slice(0, -1)
  const places: Omit<Table, 'servers'>[] = [{ place: parent, scope: wiring.scope }]
  // Where `claude mcp add` writes unless it is told otherwise; it hides the user's entry of the same name.
  if (host.id === 'claude') places.push({ place: ['projects', project, ...parent], scope: 'local' })
  return places.flatMap(({ place, scope }) => {
    const servers = valueAt(data, place)
    return isTable(servers) ? [{ place, scope, servers }] : []
  })
}

function look(registration: Registration, { place, servers, scope }: Table, context: Context): Finding[] {
  const { host, change, place: ours } = registration
  return Object.entries(servers).flatMap(([name, entry]): Finding[] => {
    const known = knownServers.find(({ words }) => words.every((word) => wordsOf(entry).includes(word)))
    const server = [...place, name]
    if (known === undefined || server.join('\n') === ours.join('\n')) return []
    const what = `${host.label} has '${name}', which is ${known.label}: ${change.path}`
    return [{ severity: 'warning', what, mend: removal(registration, { server, scope }, context) }]
  })
}

/** The name is of whoever wrote the file, as that of a project: one that could be a flag goes into no command. */
function removal(
  { host, change, wiring }: Registration,
  { server, scope }: { server: readonly string[]; scope: string },
  context: Context,
): string {
  const name = server.at(-1) ?? ''
  if (host.id === 'claude' && !name.startsWith('-')) {
    const cwd = wiring.scope === 'project' ? wiring.project : context.project
    return commandIn(cwd, ['claude', 'mcp', 'remove', name, '-s', scope], context)
  }
  // That of Codex writes the tables of all servers anew, and of others there is none.
  return `take ${server.join('.')} out of ${change.path}`
}

/** The words of its command line; of paths and names of packages each part, without version and ending. */
function wordsOf(entry: unknown): string[] {
  const words = [valueAt(entry, ['command']), valueAt(entry, ['args'])].flat()
  const parts = words.flatMap((word) => (typeof word === 'string' ? word.split(/[\s/\\@]+/) : []))
  return parts.map((part) => part.replace(/\.(?:[cm]?js|ts|cmd|exe|py)$/, ''))
}

function isTable(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data)
}
