import { SubagentError } from '@subagent-mcp/contract'
import { rmSync } from 'node:fs'
import { readUtf8File } from '../file/read-text.js'
import { replaceFile } from '../file/replace-file.js'
import { joinCommands, type TypedCommand, type CommandRunner } from '../releases/run-command.js'
import type { ServiceManager } from './service-manager.js'
import { serviceFileMarker, type ServiceCommand } from './service-text.js'

/** The outcome of installing the service; `lines` describe it for a user. */
export type InstalledService = {
  path: string
  file: 'written' | 'changed' | 'same'
  /** Whether the system runs the service now. `by-hand`: the user must enable the service. */
  service: 'enabled' | 'by-hand' | 'failed'
  lines: readonly string[]
}

/**
 * Writes the file of the service and enables the service. Running it twice changes nothing the second time. `makeRoom` stops
 * a daemon that is in the way, and returns a description of one that stays.
 * @throws SubagentError `name-taken` for a file that subagent-mcp did not write
 */
export async function installService(
  { manager, program, run }: { manager: ServiceManager; program: ServiceCommand; run: CommandRunner },
  makeRoom: () => Promise<string | undefined>,
): Promise<InstalledService> {
  const { path, enable, note, renew } = manager
  const file = writeServiceFile(path, manager.text(program))
  const written = file === 'same' ? `${path} is as it should be` : `${file} ${path}`
  const state = await readServiceState(manager, run)
  if (state !== undefined && /(^|, )(active|running)/.test(state) && file !== 'written') {
    const next = file === 'changed' ? [`for the change to hold: ${renew}`] : []
    return { path, file, service: 'enabled', lines: [written, 'the service runs', ...next] }
  }
  const inTheWay = await makeRoom()
  const enabled = await tryCommands(enable, run)
  if (enabled.type === 'done')
    return { path, file, service: 'enabled', lines: [written, inTheWay ?? 'the service runs', note] }
  const byHand = `to have it run: ${joinCommands(enable)}`
  return enabled.type === 'missing'
    ? { path, file, service: 'by-hand', lines: [written, byHand] }
    : { path, file, service: 'failed', lines: [written, enabled.why, byHand] }
}

/** The outcome of removing the service; `lines` describe it for a user. */
export type UninstalledService = { removed: boolean; lines: readonly string[] }

/** Stops the service and removes its file. @throws SubagentError `name-taken` for a file that subagent-mcp did not write */
export async function uninstallService(
  { path, disable, forget }: ServiceManager,
  run: CommandRunner,
): Promise<UninstalledService> {
  if (!hasServiceFile(path))
    return { removed: false, lines: [`no service is installed: there is no ${path}`] }
  const ended = await tryCommands(disable, run)
  rmSync(path, { force: true })
  await tryCommands(forget, run)
  const trouble = ended.type === 'failed' ? [`the system did not end it: ${ended.why}`] : []
  return { removed: true, lines: [`removed ${path}`, ...trouble] }
}

/** The state of the service in the words of the system; undefined when the system does not know the service. */
export async function readServiceState(
  { look, stateIn }: ServiceManager,
  run: CommandRunner,
): Promise<string | undefined> {
  const looked = await tryCommands([look], run)
  return looked.type === 'done' ? stateIn(looked.printed) : undefined
}

/** Whether the file of the service exists. @throws SubagentError `name-taken` for a file that subagent-mcp did not write */
export function hasServiceFile(path: string): boolean {
  return readServiceFile(path) !== undefined
}

function writeServiceFile(path: string, text: string): InstalledService['file'] {
  const before = readServiceFile(path)
  if (before?.toString() === text) return 'same'
  if (replaceFile({ path, before, after: Buffer.from(text) }) === 'changed-meanwhile')
    throw new SubagentError('io-failed', `another program writes ${path}`, { hint: 'run it again' })
  return before ? 'changed' : 'written'
}

function readServiceFile(path: string): Buffer | undefined {
  const file = readUtf8File(path)
  if (file.type === 'absent') return undefined
  if (file.type === 'text' && file.text.includes(serviceFileMarker)) return file.bytes
  const why = file.type === 'refused' ? file.why : 'service install has not written it'
  throw new SubagentError('name-taken', `${path} is not ours: ${why}`, {
    hint: 'move it away; what ours would be: subagent-mcp service install --print',
  })
}

/** The outcome of running system commands one after another; `missing`: a program does not exist. */
type Tried = { type: 'done'; printed: string } | { type: 'missing' } | { type: 'failed'; why: string }

/** Runs system commands one after another, up to the first that fails. */
async function tryCommands(commands: readonly TypedCommand[], run: CommandRunner): Promise<Tried> {
  let printed = ''
  try {
    for (const words of commands) printed += await run({ words, seconds: commandSeconds })
    return { type: 'done', printed }
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    return error.code === 'not-installed' ? { type: 'missing' } : { type: 'failed', why: error.message }
  }
}

/** The time limit of a system command. One that stops the daemon waits until its turns have ended. */
const commandSeconds = 120
