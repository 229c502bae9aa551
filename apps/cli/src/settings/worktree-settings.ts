import { isPathInside } from '@subagent-mcp/contract'
import { getUserHomeFolder } from '@subagent-mcp/definitions'
import { openWorktreeStore, type WorktreeStore } from '@subagent-mcp/worktree'
import type { WorktreeSettings as RuntimeWorktreeSettings } from '@subagent-mcp/runtime'
import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { resolveConfiguredPath } from './configured-path.js'
import { getStateFolderPath } from './state-folder.js'

export const WorktreeSettings = z.strictObject({
  folder: z
    .string()
    .min(1)
    .exactOptional()
    .describe('The folder of all worktrees. Without it: ~/.subagent-worktrees.'),
  projects: z
    .array(z.string().min(1))
    .default([])
    .describe('Checkouts whose agents work in worktrees by default.'),
  include: z
    .array(z.string().min(1))
    .default([])
    .describe('Globs of ignored files that each worktree gets a copy of.'),
  setUp: z
    .record(
      z.string(),
      z.union([
        z.literal(false),
        z.strictObject({
          include: z
            .array(z.string().min(1))
            .exactOptional()
            .describe('Globs of ignored files that are copied, such as node_modules/**.'),
          run: z.string().min(1).exactOptional().describe('A command that runs in the new worktree.'),
          approved: z
            .string()
            .min(1)
            .exactOptional()
            .describe("The hash of the project's proposal to which you agreed, if it was one."),
        }),
      ]),
    )
    .default({})
    .describe(
      'What new worktrees of a checkout get so that its tests run there, by the path of the checkout. `false`: nothing. `subagent-mcp worktrees --set-up` writes it.',
    ),
  keepDays: z
    .number()
    .positive()
    .max(3_650)
    .default(30)
    .describe('Days until changes that nobody took are packed into a git bundle.'),
  maxGigabytes: z
    .number()
    .positive()
    .default(20)
    .describe(
      'The most that all worktrees together may have on disk (in GB of 1024³ bytes). Beyond it launches are refused; work that nobody took is never deleted.',
    ),
})
export type WorktreeSettings = z.infer<typeof WorktreeSettings>

/**
 * Returns the worktree settings with absolute paths: `~` is the user's home, and relative paths start in the folder of the configuration. The
 * default folder is not in the state folder, because all files there count as credentials, which agents may not read.
 */
export function resolveWorktreeSettings(
  { folder, projects, setUp, ...settings }: WorktreeSettings,
  environment: NodeJS.ProcessEnv,
): Required<RuntimeWorktreeSettings> {
  const absolute = (path: string): string => resolveConfiguredPath(path, environment)
  const real = (path: string): string => (existsSync(path) ? realpathSync(path) : path)
  return {
    ...{ ...settings, environment },
    folder: folder === undefined ? defaultFolder(environment) : absolute(folder),
    projects: projects.map((path) => real(absolute(path))),
    setUpOf: (root) => Object.entries(setUp).find(([path]) => real(absolute(path)) === root)?.[1],
  }
}

/** Returns the default folder of worktrees: in the home folder, or beside a state folder that is around it. */
function defaultFolder(environment: NodeJS.ProcessEnv): string {
  const [state, folder] = [
    getStateFolderPath(environment),
    join(getUserHomeFolder(environment), '.subagent-worktrees'),
  ]
  return isPathInside(state, folder) ? `${state}-worktrees` : folder
}

/** Opens the user's worktrees without a daemon, to list them. */
export function openUserWorktrees(
  settings: WorktreeSettings,
  environment: NodeJS.ProcessEnv,
): { folder: string; list: WorktreeStore['list'] } {
  const { folder } = resolveWorktreeSettings(settings, environment)
  return { folder, list: openWorktreeStore({ folder, environment }).list }
}

/** Returns a mistake if the folder of worktrees is in the state folder or around it, where agents may not touch files. */
export function findWorktreeFolderIssues(
  settings: WorktreeSettings,
  environment: NodeJS.ProcessEnv,
): { path: string[]; message: string }[] {
  const { folder } = resolveWorktreeSettings(settings, environment)
  const state = getStateFolderPath(environment)
  if (!isPathInside(state, folder) && !isPathInside(folder, state)) return []
  const message = `agents may not touch files in the state folder ${state}: name a folder apart from it`
  return [{ path: ['worktree', 'folder'], message }]
}
