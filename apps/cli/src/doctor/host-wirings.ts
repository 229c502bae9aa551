import { SubagentError, mcpServerName } from '@subagent-mcp/contract'
import {
  hasUserStatusLine,
  hosts,
  openRecords,
  parseHostFile,
  readTextFileOrRefuse,
  getValueAt,
  createHostSetup,
  setup,
  type SetupChoice,
  type FileChange,
  type Host,
  type HostSetup,
} from '@subagent-mcp/installer'
import { existsSync } from 'node:fs'
import { getServerCommandForScope } from '../releases/server-command.js'
import { getStateFolderPath } from '../settings/state-folder.js'
import { formatShellCommand, formatShellLine } from '../terminal/shell-quote.js'
import type { DoctorContext, DoctorFix } from './run-doctor-checks.js'

/** A host, and the entries that setup writes for it (its wiring). `isChosen`: setup has recorded them; else they are the fewest possible. */
export type HostWiring = { host: Host; wiring: HostSetup; trust: boolean; isChosen: boolean }

/**
 * The recorded wirings of all hosts, and the smallest wiring of each present host without a record, because its user may have
 * written our entry by hand.
 */
export function listHostWirings(context: DoctorContext): HostWiring[] {
  const choices = readChoices(context)
  return hosts.flatMap((host) => {
    const chosen = choices.filter((choice) => choice.host === host.id)
    const isForUser = chosen.some(({ scope }) => scope === 'user')
    return [
      ...chosen.map((choice) => {
        const wiring = createHostSetup(choice, serverFor(choice.scope, context))
        return { host, wiring, trust: choice.trust, isChosen: true }
      }),
      ...(isForUser ? [] : smallestWiring(host, 'user', context)),
    ]
  })
}

/** The place of the MCP server of subagent-mcp in a file of a host; `entry` is undefined if it is not registered there. */
export type HostRegistration = HostWiring & {
  change: FileChange
  place: readonly string[]
  data: unknown
  entry: unknown
}

/** Returns the readable files in which hosts look for MCP servers, those of the current project included. */
export function readHostRegistrations(context: DoctorContext): HostRegistration[] {
  const here = hosts.flatMap((host) => smallestWiring(host, 'project', context))
  const seen = new Set<string>()
  return [...listHostWirings(context), ...here].flatMap((hostWiring) =>
    hostWiring.host.changes(context.machine, hostWiring.wiring).flatMap((change) => {
      const place = findServerEntryPath(change)
      // The same file may be found twice: by its record, and as that of the current project.
      if (place === undefined || seen.has(change.path)) return []
      seen.add(change.path)
      const file = readHostFile(change)
      if (file.type !== 'data') return []
      return [{ ...hostWiring, change, place, data: file.data, entry: getValueAt(file.data, place) }]
    }),
  )
}

/** The path in a file at which a change writes the MCP server of subagent-mcp; undefined for other changes. */
export function findServerEntryPath({ edits }: FileChange): readonly string[] | undefined {
  return edits.find(({ type, path }) => type === 'set' && path.at(-1) === mcpServerName)?.path
}

/** The content of a host's file, or the reason why it cannot be read. `absent`: the file does not exist, which is no problem. */
export type HostFileData =
  | { type: 'data'; data: unknown }
  | { type: 'absent' }
  | { type: 'unreadable'; why: string }

/** Reads a settings file as strictly as its host does. Never throws. */
export function readHostFile({
  path,
  format,
  topLevelKeys,
}: Pick<FileChange, 'path' | 'format' | 'topLevelKeys'>): HostFileData {
  const file = readTextFileOrRefuse(path)
  if (file.type === 'refused') return { type: 'unreadable', why: file.why }
  if (file.type === 'absent') return { type: 'absent' }
  const read = parseHostFile(file.text, format, topLevelKeys)
  return read.type === 'refused' ? { type: 'unreadable', why: read.why } : read
}

/** Returns the setup command that writes the entries of a host again, and a function that does the same. */
export function createHostSetupFix(hostWiring: HostWiring, context: DoctorContext): DoctorFix {
  const { scope, project } = hostWiring.wiring
  const cwd = scope === 'project' ? project : context.project
  return {
    mend: formatShellCommandInFolder(
      cwd,
      ['subagent-mcp', 'setup', ...setupWords(hostWiring, context)],
      context,
    ),
    fix: () => setUpAgain(hostWiring, context),
  }
}

/** A command for a user to type, with a `cd` when it must run in another folder than the current project. */
export function formatShellCommandInFolder(
  cwd: string,
  command: readonly string[],
  { project, machine }: Pick<DoctorContext, 'project' | 'machine'>,
): string {
  const { platform } = machine
  return cwd === project ? formatShellCommand(command, platform) : formatShellLine(cwd, command, platform)
}

/** Writes the entries of a host again, as the `setup` command of `setupWords` does. @throws SubagentError that names files and reasons */
async function setUpAgain(
  { host, wiring, trust, isChosen }: HostWiring,
  { machine, environment }: DoctorContext,
): Promise<void> {
  const { hooks, statusLine, forward: _, ...options } = wiring
  const { files, apply } = setup({
    ...options,
    ...{ machine, stateFolder: getStateFolderPath(environment), hosts: [host.id], trustCodexHooks: trust },
    hooks: isChosen ? hooks : true,
    ...(statusLine && { statusLine: !hasUserStatusLine(machine) }),
  })
  const { isComplete, written } = await apply()
  if (isComplete) return
  const refused = files.flatMap((file) =>
    file.type === 'refused' ? [`${file.change.path}: ${file.why}`] : [],
  )
  const failed = [...written].flatMap(([path, end]) => (end.type === 'failed' ? [`${path}: ${end.why}`] : []))
  throw new SubagentError('io-failed', [...refused, ...failed].join('; '))
}

function setupWords(
  { host, wiring, trust, isChosen }: HostWiring,
  { machine }: Pick<DoctorContext, 'machine'>,
): string[] {
  const { scope, hooks, suppressNative, statusLine } = wiring
  return [
    ...['--host', host.id],
    ...(scope === 'project' ? ['--scope', 'project'] : []),
    // Without a record it is not known whether the user wants hooks.
    ...(isChosen && !hooks ? ['--no-hooks'] : []),
    ...(host.id === 'codex' && hooks && !trust ? ['--no-trust'] : []),
    ...(suppressNative ? ['--suppress-native'] : []),
    // A status line of Claude Code that the user has set meanwhile stays.
    ...(statusLine ? ['--status-line', hasUserStatusLine(machine) ? 'no' : 'yes'] : []),
  ]
}

/** Returns the recorded choices of setup, without those for deleted projects. Unreadable records have a check of their own. */
function readChoices({ environment }: DoctorContext): SetupChoice[] {
  try {
    const { choices } = openRecords(getStateFolderPath(environment)).read()
    return choices.filter(({ scope, project }) => scope === 'user' || existsSync(project))
  } catch (error) {
    if (error instanceof SubagentError) return []
    throw error
  }
}

function smallestWiring(host: Host, scope: HostSetup['scope'], context: DoctorContext): HostWiring[] {
  const { machine, project } = context
  if (!host.scopes.includes(scope) || !host.isPresent(machine)) return []
  const options = { scope, project, hooks: false, suppressNative: false }
  return [{ host, wiring: createHostSetup(options, serverFor(scope, context)), trust: true, isChosen: false }]
}

function serverFor(scope: HostSetup['scope'], { server }: DoctorContext): HostSetup['server'] {
  return scope === 'project' ? getServerCommandForScope('project') : server
}
