import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import type { SessionSpec } from '@subagent-mcp/contract'
import { configFiles } from '../config-files.js'

/** Folders that Claude Code takes files of a project from, for a session in `cwd`. */
export type ProjectFolders = {
  /** `cwd` and those around it up to the root of its repository, the nearest first. Without git `cwd` alone. */
  own: readonly string[]
  /** Those with instructions for the model, from the root of the disk down to `cwd`. */
  withInstructions: readonly string[]
  /** Instructions that are links out of the repository, which could lead to any file of the user's: not among the above. */
  leadingOut: readonly string[]
  /** Folders with instructions that hold the user's home, all of which would be given with them: not among the above. */
  tooWide: readonly string[]
}

/** Finds the folders of a project. The user's own configuration folder is none of them, wherever it is. */
export function projectFolders({
  cwd,
  environment,
}: Pick<SessionSpec, 'cwd' | 'environment'>): ProjectFolders {
  const around = withAncestors(cwd)
  const root = around.findIndex((folder) => existsSync(join(folder, '.git')))
  const repository = around.slice(0, Math.max(root, 0) + 1)
  const { settings, home } = configFiles(environment)
  const userConfig = realPath(dirname(settings))
  const isUsers = (folder: string) => realPath(join(folder, '.claude')) === userConfig
  // The CLI reads those in the user's configuration folder by itself.
  const instructionsIn = (folder: string) =>
    isUsers(folder) ? existing(folder, ['CLAUDE.md']) : existing(folder, instructionNames)
  const leadingOut = repository
    .flatMap(instructionsIn)
    .filter((path) => leadsOut(path, repository.at(-1) ?? cwd))
  const isWhole = (folder: string) => !instructionsIn(folder).some((path) => leadingOut.includes(path))
  const given = around.filter((folder) => instructionsIn(folder).length > 0 && isWhole(folder)).reverse()
  const isTooWide = (folder: string) => folder !== cwd && holds(folder, home)
  return {
    own: repository.filter((folder) => !isUsers(folder)),
    withInstructions: given.filter((folder) => !isTooWide(folder)),
    leadingOut,
    tooWide: given.filter(isTooWide),
  }
}

/** A folder and those around it, the innermost first. */
export function withAncestors(folder: string): readonly string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...withAncestors(parent)]
}

const instructionNames = ['CLAUDE.md', '.claude/CLAUDE.md', '.claude/rules']

function existing(folder: string, names: readonly string[]): readonly string[] {
  return names.map((name) => join(folder, name)).filter((path) => existsSync(path))
}

function leadsOut(path: string, root: string): boolean {
  const [real, realRoot] = [realPath(path), realPath(root)]
  return real === undefined || realRoot === undefined || !real.startsWith(join(realRoot, sep))
}

/** Whether a folder is another one, or around it. */
function holds(folder: string, other: string): boolean {
  const [real, realOther] = [realPath(folder), realPath(other)]
  return real !== undefined && realOther !== undefined && withAncestors(realOther).includes(real)
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    // It is not there, or not to be seen.
    return undefined
  }
}
