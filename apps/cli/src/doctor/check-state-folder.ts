import { SubagentError } from '@subagent-mcp/contract'
import { accessSync, chmodSync, constants, lstatSync, readdirSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { getStateFolderPath } from '../settings/state-folder.js'
import { formatCountWithNoun } from '../terminal/format.js'
import { formatShellCommand } from '../terminal/shell-quote.js'
import { createOkFinding, type DoctorContext, type DoctorFinding } from './run-doctor-checks.js'

/** Checks that other users cannot read the state folder: folders 0700, files and sockets 0600. Windows has no such modes. */
export function checkStateFolderRights({ environment, machine }: DoctorContext): DoctorFinding[] {
  const home = getStateFolderPath(environment)
  const entries = machine.platform === 'win32' ? [] : entriesBelow(home)
  if (entries.length === 0) return []
  const folder = { home, machine }
  const trouble = [foreign, closed, open].flatMap((find) => find(entries, folder))
  return trouble.length > 0 ? trouble : [createOkFinding(`${home} is yours alone`)]
}

/** A file or folder in the state folder of subagent-mcp. `isUsers`: users write it themselves, as `config.jsonc`. */
type Entry = { path: string; stats: Stats; isUsers: boolean }

/** Files and folders that users write themselves. Other users may read them, but must not write them. */
const usersOwn: readonly string[] = ['config.jsonc', 'routing.jsonc', 'agents']

function entriesBelow(path: string, isUsers = false): Entry[] {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  // A link has no mode of its own, and its target is elsewhere.
  if (stats === undefined || stats.isSymbolicLink()) return []
  const isReadable = stats.isDirectory() && stats.uid === process.getuid?.()
  const names = isReadable && (stats.mode & 0o500) === 0o500 ? readdirSync(path) : []
  return [
    { path, stats, isUsers },
    ...names.flatMap((name) => entriesBelow(join(path, name), isUsers || usersOwn.includes(name))),
  ]
}

type StateFolder = { home: string } & Pick<DoctorContext, 'machine'>

/** Finds files of the state folder that belong to another user, for example after `sudo subagent-mcp`. */
function foreign(entries: readonly Entry[], { home, machine }: StateFolder): DoctorFinding[] {
  const own = process.getuid?.()
  const paths = entries.filter(({ stats }) => stats.uid !== own).map(({ path }) => path)
  if (paths.length === 0) return []
  const owner = `${own ?? ''}:${process.getgid?.() ?? ''}`
  const mend = formatShellCommand(['sudo', 'chown', '-R', owner, home], machine.platform)
  return [{ severity: 'error', what: `${namesOf(paths)} of another user`, mend }]
}

/** Finds folders of the state folder that the user cannot write, because of their mode or a read-only file system. */
function closed(entries: readonly Entry[], { home, machine }: StateFolder): DoctorFinding[] {
  const own = process.getuid?.()
  const folders = entries.filter(({ stats, isUsers }) => stats.isDirectory() && stats.uid === own && !isUsers)
  const paths = folders
    .filter(({ path, stats }) => (stats.mode & 0o700) !== 0o700 || !isWritable(path))
    .map(({ path }) => path)
  if (paths.length === 0) return []
  const mend = formatShellCommand(['chmod', '-R', 'u+rwX', home], machine.platform)
  return [{ severity: 'error', what: `${namesOf(paths)} closed to yourself`, mend }]
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false // For any reason, nothing can be written there.
  }
}

/** Finds files of the state folder that other users can read or write. */
function open(entries: readonly Entry[], { home, machine }: StateFolder): DoctorFinding[] {
  const wrong = entries.filter((entry) => (entry.stats.mode & surplus(entry)) !== 0)
  if (wrong.length === 0) return []
  const isForAll = wrong.some(({ stats }) => (stats.mode & writableByOthers) !== 0)
  const fix = () => {
    wrong.forEach(close)
    return Promise.resolve()
  }
  return [
    {
      severity: isForAll ? 'error' : 'warning',
      what: `${namesOf(wrong.map(({ path }) => path))} open to other users`,
      mend: formatShellCommand(['chmod', '-R', 'go-rwx', home], machine.platform),
      fix,
    },
  ]
}

const writableByOthers = 0o022
const openToOthers = 0o077

function surplus({ isUsers }: Entry): number {
  return isUsers ? writableByOthers : openToOthers
}

function close({ path, stats }: Entry): void {
  try {
    chmodSync(path, stats.mode & ~openToOthers & 0o777)
  } catch (cause) {
    throw new SubagentError('io-failed', `cannot change the rights of ${path}: ${String(cause)}`, { cause })
  }
}

function namesOf([first = '', ...others]: readonly string[]): string {
  return others.length === 0
    ? `${first} is`
    : `${first} and ${formatCountWithNoun(others.length, 'other')} are`
}
