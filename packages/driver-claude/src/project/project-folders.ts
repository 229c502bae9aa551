import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SessionSpec } from '@subagent-mcp/contract'
import { configFiles } from '../config-files.js'

/** Folders that Claude Code takes files of a project from, for a session in `cwd`. */
export type ProjectFolders = {
  /** `cwd` and those around it up to the root of its repository, the nearest first. Without git `cwd` alone. */
  own: readonly string[]
  /** Those with instructions for the model, from the root of the disk down to `cwd`. */
  withInstructions: readonly string[]
}

/** Finds the folders of a project. The user's own configuration folder is none of them, wherever it is. */
export function projectFolders({
  cwd,
  environment,
}: Pick<SessionSpec, 'cwd' | 'environment'>): ProjectFolders {
  const around = withAncestors(cwd)
  const root = around.findIndex((folder) => existsSync(join(folder, '.git')))
  const userConfig = realPath(dirname(configFiles(environment).settings))
  const isUsers = (folder: string) => realPath(join(folder, '.claude')) === userConfig
  return {
    own: around.slice(0, Math.max(root, 0) + 1).filter((folder) => !isUsers(folder)),
    withInstructions: around.filter(hasInstructions).reverse(),
  }
}

/** A folder and those around it, the innermost first. */
export function withAncestors(folder: string): readonly string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...withAncestors(parent)]
}

function hasInstructions(folder: string): boolean {
  return ['CLAUDE.md', '.claude/CLAUDE.md', '.claude/rules'].some((name) => existsSync(join(folder, name)))
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    // It is not there, or not to be seen.
    return undefined
  }
}
