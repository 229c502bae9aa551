import {
  hosts,
  findInstalledPlugins,
  isHostSetUp,
  planFileChanges,
  reverseChange,
  listNoticeWaysOfMode,
  getMainModeOfHost,
  getValueAt,
  type FileChange,
} from '@subagent-mcp/installer'
import { isAbsolute } from 'node:path'
import { getStateFolderPath } from '../settings/state-folder.js'
import { readUserSettings } from '../settings/user-settings.js'
import {
  createNoteFinding,
  createOkFinding,
  type DoctorContext,
  type DoctorFinding,
  type DoctorProblem,
} from './run-doctor-checks.js'
import { findDisablingHostSwitches, findUntrustedProjectProblem } from './host-settings.js'
import {
  readHostFile,
  findServerEntryPath,
  readHostRegistrations,
  createHostSetupFix,
  listHostWirings,
  type HostRegistration,
  type HostWiring,
} from './host-wirings.js'

/** Checks that each host can read its files and start the server, and that its entries are current and not ignored. */
export function checkHosts(context: DoctorContext): DoctorFinding[] {
  const registrations = readHostRegistrations(context)
  const findings = listHostWirings(context).flatMap((hostWiring) => checkWiring(hostWiring, context))
  const missing = registrations.flatMap((registration) => missingProgram(registration, context))
  const isPlugin = findInstalledPlugins(context.machine, context.project).length > 0
  if (isPlugin || registrations.some(({ entry }) => entry !== undefined)) return [...findings, ...missing]
  const isAny = hosts.some((host) => host.isPresent(context.machine))
  const mend = isAny ? 'subagent-mcp setup' : `install one (${labels}), and then: subagent-mcp setup`
  return [...findings, { severity: 'error', what: 'no host has our tools', mend }]
}

/** Lists how each host that was set up learns that an agent has finished or asks. */
export function checkAgentNoticeWays(context: DoctorContext): DoctorFinding[] {
  const { codex: wakesCodex = false } = readUserSettings(context.environment).config.wake
  const lines = listHostWirings(context).flatMap(({ host, wiring: { hooks }, isChosen }) => {
    if (!isChosen) return []
    const ways = listNoticeWaysOfMode(getMainModeOfHost(host.id), { hooks, wakesCodex })
    const names = ways.length > 0 ? ways.map(({ name }) => name).join('; ') : 'its model calls `wait`'
    return [`${host.label}: ${ways.some(({ wakes }) => wakes) ? '' : 'only '}${names}`]
  })
  return [...new Set(lines)].map(createOkFinding)
}

const labels = hosts.map(({ label }) => label).join(', ')

type InspectedChange = { change: FileChange; state: ChangeState }

function checkWiring(hostWiring: HostWiring, context: DoctorContext): DoctorFinding[] {
  const { host, wiring, isChosen } = hostWiring
  const inspected = host
    .changes(context.machine, wiring)
    .map((change) => ({ change, state: stateOfChange(change) }))
  const isRegistered = inspected.some(
    ({ change, state }) =>
      findServerEntryPath(change) !== undefined && (state.type === 'current' || state.type === 'stale'),
  )
  const { mend, fix } = createHostSetupFix(hostWiring, context)
  const unreadable = unreadableFiles(hostWiring, inspected)
  if (!isChosen && !isRegistered) {
    return unreadable.length > 0 ? unreadable : [createNoteFinding(`${host.label} is not set up (${mend})`)]
  }
  const trouble = [
    ...unreadable,
    ...inspected.flatMap(({ change, state }): DoctorProblem[] => {
      const problem = problemOf(state)
      if (problem === undefined) return []
      const what = `${host.label}: ${change.what}: ${problem}: ${change.path}`
      return [{ severity: 'warning', what, mend, ...(state.type !== 'blocked' && { fix }) }]
    }),
    ...findDisablingHostSwitches(hostWiring, context),
    ...findUntrustedProjectProblem(hostWiring, context),
  ]
  if (trouble.length > 0) return trouble
  return [
    createOkFinding(
      `${host.label}, ${wiring.scope === 'user' ? 'for all projects' : `in ${wiring.project}`}`,
    ),
  ]
}

/** Whether an entry that setup writes is in a host's file. `stale`: it is there, but this version would write it differently. */
type ChangeState =
  | { type: 'current' | 'stale' | 'absent' }
  | { type: 'unreadable'; why: string }
  | { type: 'blocked'; why: string }

function stateOfChange(change: FileChange): ChangeState {
  const file = readHostFile(change)
  if (file.type === 'unreadable') return file
  if (file.type === 'absent') return { type: 'absent' }
  const [planned] = planFileChanges([change])
  if (planned?.type === 'refused') return { type: 'blocked', why: planned.why }
  if (planned?.type !== 'write') return { type: 'current' }
  const [removed] = planFileChanges([reverseChange(change)])
  return { type: removed?.type === 'unchanged' ? 'absent' : 'stale' }
}

function problemOf(state: ChangeState): string | undefined {
  switch (state.type) {
    case 'current':
    case 'unreadable':
      return undefined
    case 'stale':
      return 'not as this version writes it'
    case 'absent':
      return 'missing'
    case 'blocked':
      return `cannot be written (${state.why})`
  }
}

/** Returns the problems of files that a host cannot read: errors for a host that was set up, warnings for others. */
function unreadableFiles(
  { host, isChosen }: HostWiring,
  inspected: readonly InspectedChange[],
): DoctorProblem[] {
  const reasons = new Map(
    inspected.flatMap(({ change, state }) =>
      state.type === 'unreadable' ? [[change.path, state.why] as const] : [],
    ),
  )
  return [...reasons].map(([path, why]) => ({
    severity: isChosen ? 'error' : 'warning',
    what: `${host.label} cannot read ${path}: ${why}`,
    mend: `mend ${path} in an editor`,
  }))
}

/** Finds the program (Node or a script) in an entry when it no longer exists, for example after an update of Node. */
function missingProgram(registration: HostRegistration, context: DoctorContext): DoctorFinding[] {
  const { host, change, entry } = registration
  const words = [getValueAt(entry, ['command']), getValueAt(entry, ['args'])].flat()
  const missing = words.slice(0, 2).find((word) => isMissingFile(word, context))
  if (missing === undefined) return []
  const what = `${host.label} starts ${missing}, which is not there: ${change.path}`
  return [{ severity: 'error', what, ...createHostSetupFix(registration, context) }]
}

function isMissingFile(word: unknown, { machine }: DoctorContext): word is string {
  return typeof word === 'string' && isAbsolute(word) && !machine.exists(word)
}

/** Lists plugins of subagent-mcp in hosts, and whether they or the entries of `setup` are in use. A plugin needs the command in PATH. */
export function checkPlugins({ machine, environment, project }: DoctorContext): DoctorFinding[] {
  return findInstalledPlugins(machine, project).map(({ host, label, removal }): DoctorFinding => {
    if (isHostSetUp(getStateFolderPath(environment), { host, project, hooks: false }))
      return createOkFinding(
        `${label} has our plugin, too: the entries of setup are in use, the plugin does nothing (${removal})`,
      )
    if (machine.executable('subagent-mcp') !== undefined)
      return createOkFinding(`${label}: our plugin is in use`)
    return {
      severity: 'error',
      what: `${label}: our plugin starts subagent-mcp, which is not in PATH`,
      mend: 'subagent-mcp setup, which writes full paths; or install the command globally with npm',
    }
  })
}
