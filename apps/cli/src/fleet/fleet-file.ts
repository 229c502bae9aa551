import {
  createLaunchOptionRuleCheck,
  WorkerSettingsWithFolder,
  WorkerRestartLimit,
  workerSettings,
} from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import { convertToMailName } from '@subagent-mcp/mailbox/names'
import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { readYamlFile, type YamlFile } from './yaml-file.js'

/** The keys of a worker in a fleet file: the flags of `subagent-mcp worker`, by their names there. */
const keys = Object.fromEntries(
  Object.entries({ ...workerSettings, folder: WorkerSettingsWithFolder.shape.folder }).map(
    ([setting, schema]) => [flagOf(setting), schema],
  ),
)

const FleetFile = z.strictObject({
  workers: z
    .array(z.strictObject(keys).superRefine(createLaunchOptionRuleCheck(flagOf)))
    .min(1, 'names no worker'),
  restarts: WorkerRestartLimit.prefault({}),
})

/** The workers of a fleet file, with names and absolute paths, and the limit of restarts of each. */
export type FleetFilePlan = { workers: WorkerSettingsWithFolder[]; restarts: WorkerRestartLimit }

/** Reads a fleet file. `~` in it stands for `home`. @throws SubagentError that names file and line */
export function readFleetFile(path: string, home: string): FleetFilePlan {
  const file = readYamlFile(path)
  const read = FleetFile.safeParse(file.value)
  if (!read.success) throw invalid(path, file, read.error.issues)
  const pathOf = (written: string): string => resolve(dirname(path), withHome(written, home))
  const workers = read.data.workers.map((written) => placedWorker(written, pathOf))
  const issues = workers.flatMap((worker, index) => problems(worker, workers.slice(0, index), index))
  if (issues.length > 0) throw invalid(path, file, issues)
  return { workers, restarts: read.data.restarts }
}

/** `allowedTools` as `allowed-tools`. */
function flagOf(setting: string): string {
  return setting.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function settingOf(flag: string): string {
  return flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function placedWorker(written: object, pathOf: (path: string) => string): WorkerSettingsWithFolder {
  const values: [string, unknown][] = Object.entries(written)
  const settings = values.map(([flag, value]): [string, unknown] => [settingOf(flag), value])
  const { folder, name, mcpConfig, ...rest } = WorkerSettingsWithFolder.parse(Object.fromEntries(settings))
  const place = pathOf(folder)
  const isPath = mcpConfig !== undefined && !mcpConfig.startsWith('{')
  return {
    ...rest,
    ...(mcpConfig !== undefined && { mcpConfig: isPath ? pathOf(mcpConfig) : mcpConfig }),
    name: name ?? convertToMailName(basename(place)),
    folder: place,
  }
}

function withHome(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path
}

/** Returns the problems of a worker, including conflicts with earlier ones. */
function problems(
  { name = '', folder }: WorkerSettingsWithFolder,
  before: readonly WorkerSettingsWithFolder[],
  index: number,
): Issue[] {
  const issue = (key: string, message: string): Issue => ({ path: ['workers', index, key], message })
  const place = realFolder(folder)
  return [
    ...(name === convertToMailName(name)
      ? []
      : [issue('name', `'${name}' is no name: take '${convertToMailName(name)}'`)]),
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
  const hint = `a worker takes ${Object.keys(keys).join(', ')}; beside workers there is restarts: { max, minutes }`
  return new SubagentError('config-invalid', told.join('; '), { hint })
}
