import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import type { SessionSpec } from '@subagent-mcp/contract'
import { listFolderAndParents, listFoldersToGitRoot } from '@subagent-mcp/driver-kit'
import { getClaudeConfigPaths } from '../config-paths.js'

/** The project folders of a session in `cwd`. */
export type ProjectFolders = {
  /** `cwd` and its parents up to the root of the repository, the nearest first. Without git only `cwd`. */
  own: readonly string[]
  /** Folders with instructions for the model, from the root of the disk down to `cwd`. */
  withInstructions: readonly string[]
  /** Instruction files that are links out of the repository, and could show any file of the user. Their folders are not used. */
  leadingOut: readonly string[]
  /** Folders with instructions that contain the user's home, which the session would get access to. They are not used. */
  tooWide: readonly string[]
}

/** Finds the project folders of a Claude session. The user's own configuration folder is never one of them. */
export function findProjectFolders({
  cwd,
  environment,
}: Pick<SessionSpec, 'cwd' | 'environment'>): ProjectFolders {
  const around = listFolderAndParents(cwd)
  const repository = listFoldersToGitRoot(cwd)
  const { settings, home } = getClaudeConfigPaths(environment)
  const userConfig = realPath(dirname(settings))
  const isUsers = (folder: string) => realPath(join(folder, '.claude')) === userConfig
  // Claude itself reads the instructions in the user's configuration folder.
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

const instructionNames = ['CLAUDE.md', '.claude/CLAUDE.md', '.claude/rules']

function existing(folder: string, names: readonly string[]): readonly string[] {
  return names.map((name) => join(folder, name)).filter((path) => existsSync(path))
}

function leadsOut(path: string, root: string): boolean {
  const [real, realRoot] = [realPath(path), realPath(root)]
  return real === undefined || realRoot === undefined || !real.startsWith(join(realRoot, sep))
}

/** Whether `folder` is the same as `other` or contains it, with links followed. */
function holds(folder: string, other: string): boolean {
  const [real, realOther] = [realPath(folder), realPath(other)]
  return real !== undefined && realOther !== undefined && listFolderAndParents(realOther).includes(real)
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    // The path does not exist, or may not be read.
    return undefined
  }
}
