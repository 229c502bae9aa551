import { hosts, valueAt, type FileChange } from '@subagent-mcp/installer'
import { isAbsolute } from 'node:path'
import { fine, type Check, type Context, type Finding, type Trouble } from './check.js'
import { switchedOff } from './off-switches.js'
import { untrustedProject } from './project-trust.js'
import { setupAgain } from './setup-again.js'
import { lookAt, type Look } from './wired-change.js'
import { registeredAt, registrationsOf, wiringsOf, type HostWiring, type Registration } from './wirings.js'

/** Whether each host reads its files, finds in them what setup writes there today, heeds it, and can start it. */
export const checkHosts: Check = {
  name: 'hosts',
  run: (context) => {
    const registrations = registrationsOf(context)
    const findings = wiringsOf(context).flatMap((hostWiring) => look(hostWiring, context))
    const lost = registrations.flatMap((registration) => lostProgram(registration, context))
    if (registrations.some(({ entry }) => entry !== undefined)) return [...findings, ...lost]
    const isAny = hosts.some((host) => host.isPresent(context.machine))
    const mend = isAny ? 'subagent-mcp setup' : `install one (${labels}), and then: subagent-mcp setup`
    return [...findings, { severity: 'error', what: 'no host has our tools', mend }]
  },
}

const labels = hosts.map(({ label }) => label).join(', ')

type Looked = { change: FileChange; look: Look }

function look(hostWiring: HostWiring, context: Context): Finding[] {
  const { host, wiring, isChosen } = hostWiring
  const looked = host.changes(context.machine, wiring).map((change) => ({ change, look: lookAt(change) }))
  const isRegistered = looked.some((one) => registeredAt(one.change) !== undefined && isThere(one.look))
  const { mend, fix } = setupAgain(hostWiring, context)
  const unreadable = unreadableFiles(hostWiring, looked)
  if (!isChosen && !isRegistered) {
    return unreadable.length > 0 ? unreadable : [fine(`${host.label} is not set up (${mend})`)]
  }
  const trouble = [
    ...unreadable,
    ...looked.flatMap(({ change, look }): Trouble[] => {
      const problem = problemOf(look)
      if (problem === undefined) return []
      const what = `${host.label}: ${change.what}: ${problem}: ${change.path}`
      return [{ severity: 'warning', what, mend, ...(look.type !== 'blocked' && { fix }) }]
    }),
    ...switchedOff(hostWiring, context),
    ...untrustedProject(hostWiring, context),
  ]
  return trouble.length > 0 ? trouble : [fine(`${host.label}, ${placeOf(hostWiring)}`)]
}

function isThere({ type }: Look): boolean {
  return type === 'current' || type === 'stale'
}

/** Of a host that is not set up it is the user's own trouble, though setup could not write there. */
function unreadableFiles({ host, isChosen }: HostWiring, looked: readonly Looked[]): Trouble[] {
  const reasons = new Map(
    looked.flatMap(({ change, look }) =>
      look.type === 'unreadable' ? [[change.path, look.why] as const] : [],
    ),
  )
  return [...reasons].map(([path, why]) => ({
    severity: isChosen ? 'error' : 'warning',
    what: `${host.label} cannot read ${path}: ${why}`,
    mend: `mend ${path} in an editor`,
  }))
}

function problemOf(look: Look): string | undefined {
  switch (look.type) {
    case 'current':
    case 'unreadable':
      return undefined
    case 'stale':
      return 'not as this version writes it'
    case 'absent':
      return 'missing'
    case 'blocked':
      return `cannot be written (${look.why})`
  }
}

function placeOf({ wiring: { scope, project } }: HostWiring): string {
  return scope === 'user' ? 'for all projects' : `in ${project}`
}

/** A node or a script that was there when setup wrote it, as before an update of node. */
function lostProgram(registration: Registration, context: Context): Finding[] {
  const { host, change, entry } = registration
  const words = [valueAt(entry, ['command']), valueAt(entry, ['args'])].flat()
  const lost = words.slice(0, 2).find((word) => isLost(word, context))
  if (lost === undefined) return []
  const what = `${host.label} starts ${lost}, which is not there: ${change.path}`
  return [{ severity: 'error', what, ...setupAgain(registration, context) }]
}

function isLost(word: unknown, { machine }: Context): word is string {
  return typeof word === 'string' && isAbsolute(word) && !machine.exists(word)
}
