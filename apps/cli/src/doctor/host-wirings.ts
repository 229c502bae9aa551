import { parseJson, SubagentError, mcpServerName } from '@subagent-mcp/contract'
import {
  hasUserStatusLine,
  hosts,
  openRecords,
  parseHostFile,
  readOrRefuse,
  valueAt,
  createWiring,
  type SetupChoice,
  type FileChange,
  type Host,
  type Wiring,
} from '@subagent-mcp/installer'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { commandForScope } from '../releases/server-command.js'
import { stateFolderOf } from '../settings/state-folder.js'
import { shellCommand, shellLine } from '../terminal/shell-quote.js'
import type { DoctorContext, DoctorFix } from './check.js'

/** A host and its wiring. `isChosen`: setup has recorded it; otherwise it is the smallest wiring that the host could have. */
export type HostWiring = { host: Host; wiring: Wiring; trust: boolean; isChosen: boolean }

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
        const wiring = createWiring(choice, serverFor(choice.scope, context))
        return { host, wiring, trust: choice.trust, isChosen: true }
      }),
      ...(isForUser ? [] : smallestWiring(host, 'user', context)),
    ]
  })
}

/** The place of our MCP server in a file that its host can read; `entry` is undefined where it is not registered. */
export type HostRegistration = HostWiring & {
  change: FileChange
  place: readonly string[]
  data: unknown
  entry: unknown
}

/** The readable files in which hosts look for MCP servers, with those of the current project. */
export function readHostRegistrations(context: DoctorContext): HostRegistration[] {
  const here = hosts.flatMap((host) => smallestWiring(host, 'project', context))
  const seen = new Set<string>()
  return [...listHostWirings(context), ...here].flatMap((hostWiring) =>
    hostWiring.host.changes(context.machine, hostWiring.wiring).flatMap((change) => {
      const place = hostServerEntryPath(change)
      // A file of the current project may have a record, or be the user's in the home folder.
      if (place === undefined || seen.has(change.path)) return []
      seen.add(change.path)
      const file = readHostFile(change)
      if (file.type !== 'data') return []
      return [{ ...hostWiring, change, place, data: file.data, entry: valueAt(file.data, place) }]
    }),
  )
}

/** The path in a file at which a change writes the MCP server of subagent-mcp; undefined for other changes. */
export function hostServerEntryPath({ edits }: FileChange): readonly string[] | undefined {
  return edits.find(({ type, path }) => type === 'set' && path.at(-1) === mcpServerName)?.path
}

/** The content of a host's file, or the reason why it cannot be read. `absent`: the file does not exist, which is no problem. */
export type HostFileData =
  | { type: 'data'; data: unknown }
  | { type: 'absent' }
  | { type: 'unreadable'; why: string }

/** Reads a file as strictly as its host. Never throws. */
export function readHostFile({
  path,
  format,
  topLevelKeys,
}: Pick<FileChange, 'path' | 'format' | 'topLevelKeys'>): HostFileData {
  const file = readOrRefuse(path)
  if (file.type === 'refused') return { type: 'unreadable', why: file.why }
  if (file.type === 'absent') return { type: 'absent' }
  const read = parseHostFile(file.text, format, topLevelKeys)
  return read.type === 'refused' ? { type: 'unreadable', why: read.why } : read
}

/** The setup command that writes a host's wiring again with the options of its record, and a function that runs it. */
export function hostSetupFix(hostWiring: HostWiring, context: DoctorContext): DoctorFix {
  const words = setupWords(hostWiring, context)
  const { scope, project } = hostWiring.wiring
  const cwd = scope === 'project' ? project : context.project
  return {
    mend: commandInFolder(cwd, ['subagent-mcp', 'setup', ...words], context),
    fix: () => runSetupForDoctor(words, { ...context, cwd }),
  }
}

/** A command for a user to type, with a `cd` when it must run in another folder than the current project. */
export function commandInFolder(
  cwd: string,
  command: readonly string[],
  { project, machine }: Pick<DoctorContext, 'project' | 'machine'>,
): string {
  const { platform } = machine
  return cwd === project ? shellCommand(command, platform) : shellLine(cwd, command, platform)
}

/** Runs `setup` without a terminal. @throws SubagentError with the reasons for files that were not written */
export async function runSetupForDoctor(
  words: readonly string[],
  { server, environment, cwd }: Pick<DoctorContext, 'server' | 'environment'> & { cwd: string },
  deadlineMs = 120_000,
): Promise<void> {
  const child = spawn(server.command, [...server.args, 'setup', ...words, '--yes', '--json'], {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: deadlineMs,
    windowsHide: true,
  })
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message)
    })
    child.once('close', (code, signal) => {
      resolve(code ?? `${signal ?? 'a signal'}: it may take ${deadlineMs / 1000} s`)
    })
  })
  const [report, printed, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  if (code === 0) return
  const files = SetupReport.safeParse(parseJson(report)).data?.files ?? []
  const reasons = files.flatMap(({ path, why }) => (why === undefined ? [] : [`${path}: ${why}`]))
  const why = reasons.join('; ') || printed.trim()
  throw new SubagentError('io-failed', why === '' ? `setup ended with ${code}` : why)
}

const SetupReport = z.looseObject({
  files: z.array(z.looseObject({ path: z.string(), why: z.string().optional() })),
})

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
    // A status line that the user has set meanwhile stays.
    ...(statusLine ? ['--status-line', hasUserStatusLine(machine) ? 'no' : 'yes'] : []),
  ]
}

/** The recorded choices, without those for projects that were removed. Records that cannot be read have a check of their own. */
function readChoices({ environment }: DoctorContext): SetupChoice[] {
  try {
    const { choices } = openRecords(stateFolderOf(environment)).read()
    return choices.filter(({ scope, project }) => scope === 'user' || existsSync(project))
  } catch (error) {
    if (error instanceof SubagentError) return []
    throw error
  }
}

function smallestWiring(host: Host, scope: Wiring['scope'], context: DoctorContext): HostWiring[] {
  const { machine, project } = context
  if (!host.scopes.includes(scope) || !host.isPresent(machine)) return []
  const options = { scope, project, hooks: false, suppressNative: false }
  return [{ host, wiring: createWiring(options, serverFor(scope, context)), trust: true, isChosen: false }]
}

function serverFor(scope: Wiring['scope'], { server }: DoctorContext): Wiring['server'] {
  return scope === 'project' ? commandForScope('project') : server
}
