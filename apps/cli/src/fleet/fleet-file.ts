import { SubagentError } from '@subagent-mcp/contract'
import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { mailName } from '@subagent-mcp/mailbox/names'
import type { RestartLimit, WorkerEntry } from './member.js'
import { WorkerKeys, workerWords } from './worker-keys.js'
import { readYamlFile, type YamlFile } from './yaml-file.js'

const FleetFile = z.strictObject({
  workers: z.array(WorkerKeys).min(1, 'names no worker'),
  restarts: z
    .strictObject({
      max: z.int().min(0).max(10_000).default(5),
      minutes: z.number().positive().max(525_600).default(10),
    })
    .prefault({}),
})

/** The workers of a fleet file, and the limit of restarts of each worker. */
export type FleetPlan = { entries: readonly WorkerEntry[]; limit: RestartLimit }

/** Reads a fleet file. `~` in it stands for `home`. @throws SubagentError that names file and line */
export function readFleetFile(path: string, home: string): FleetPlan {
  const file = readYamlFile(path)
  const read = FleetFile.safeParse(file.value)
  if (!read.success) throw invalid(path, file, read.error.issues)
  const pathOf = (written: string): string => resolve(dirname(path), withHome(written, home))
  const entries = read.data.workers.map((keys) => entryOf(keys, pathOf))
  const issues = entries.flatMap((entry, index) => problems(entry, entries.slice(0, index), index))
  if (issues.length > 0) throw invalid(path, file, issues)
  const { max, minutes } = read.data.restarts
  return { entries, limit: { max, withinMs: minutes * 60_000 } }
}

function entryOf({ folder, name, ...keys }: WorkerKeys, pathOf: (path: string) => string): WorkerEntry {
  const place = pathOf(folder)
  const known = name ?? mailName(basename(place))
  return { name: known, folder: place, words: workerWords(known, keys, pathOf) }
}

function withHome(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path
}

/** Returns the problems of an entry, including conflicts with earlier entries. */
function problems({ name, folder }: WorkerEntry, before: readonly WorkerEntry[], index: number): Issue[] {
  const issue = (key: string, message: string): Issue => ({ path: ['workers', index, key], message })
  const place = realFolder(folder)
  return [
    ...(name === mailName(name) ? [] : [issue('name', `'${name}' is no name: take '${mailName(name)}'`)]),
    ...(before.some((other) => other.name === name) ? [issue('name', `'${name}' is there twice`)] : []),
    ...(place !== undefined ? [] : [issue('folder', `${folder} is no folder`)]),
    ...(place !== undefined && before.some((other) => realFolder(other.folder) === place)
      ? [issue('folder', `${folder} has a worker already: for more at once say replicas`)]
      : []),
  ]
}

/**
 * Returns the real path of a folder, because a folder has only one worker, whatever link names it; `undefined` if it is not a
 * folder.
 */
function realFolder(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? realpathSync(path) : undefined
}

/** A problem in a fleet file. `keys`: the unknown keys, if that is the problem. */
type Issue = { path: readonly PropertyKey[]; message: string; keys?: readonly string[] }

function invalid(path: string, file: YamlFile, issues: readonly Issue[]): SubagentError {
  const told = issues.map((issue) => {
    const [surplus] = issue.keys ?? []
    const place = surplus === undefined ? issue.path : [...issue.path, surplus]
    const name = issue.path.length > 0 ? `${z.core.toDotPath([...issue.path])}: ` : ''
    return `${path}:${file.lineOf(place)}: ${name}${issue.message}`
  })
  const hint = `a worker takes ${Object.keys(WorkerKeys.shape).join(', ')}; beside workers there is restarts: { max, minutes }`
  return new SubagentError('config-invalid', told.join('; '), { hint })
}
