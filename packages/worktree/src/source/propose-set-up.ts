import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** What each new worktree of a project gets, so that its tests run there: a copy of ignored files, or the outcome of a command. */
export type WorktreeSetUp = {
  /** Globs of ignored files to copy from the checkout. */
  include?: readonly string[]
  /** A shell command that runs in the worktree before its agent starts. */
  run?: string
}

/** A set-up that fits a project, and the lock file that shows it. */
export type ProposedSetUp = { lockFile: string; setUp: WorktreeSetUp }

/** A lock file, the files that its packages are in, and the command that installs them. */
type Ecosystem = {
  lockFiles: readonly string[]
  installed?: readonly string[]
  include: readonly string[]
  run: string
}

const nodeModules = {
  installed: ['node_modules'],
  include: ['node_modules/**', '**/node_modules/**'],
} as const

/**
 * Package managers whose packages are in the checkout, where git ignores them. Those of cargo and go are in the user's home, so that
 * a worktree has them. A virtual environment of Python has absolute paths and cannot be copied.
 */
const ecosystems: readonly Ecosystem[] = [
  { lockFiles: ['pnpm-lock.yaml'], ...nodeModules, run: 'pnpm install --frozen-lockfile' },
  {
    lockFiles: ['.pnp.cjs'],
    installed: ['.pnp.cjs'],
    include: ['.pnp.*', '.yarn/**'],
    run: 'yarn install --immutable',
  },
  { lockFiles: ['yarn.lock'], ...nodeModules, run: 'yarn install --frozen-lockfile' },
  { lockFiles: ['package-lock.json', 'npm-shrinkwrap.json'], ...nodeModules, run: 'npm ci' },
  { lockFiles: ['uv.lock'], include: [], run: 'uv sync --frozen' },
]

/** Finds out by the lock files in its root how a worktree of a project gets its packages. Runs nothing. Undefined where it needs nothing. */
export function proposeSetUp(root: string): ProposedSetUp | undefined {
  for (const { lockFiles, installed, include, run } of ecosystems) {
    const lockFile = lockFiles.find((name) => existsSync(join(root, name)))
    if (lockFile === undefined) continue
    const isInstalled = installed?.every((name) => existsSync(join(root, name)))
    return { lockFile, setUp: isInstalled ? { include } : { run } }
  }
  return undefined
}

/** Says what a set-up does, as the end of a sentence. */
export function setUpText({ include, run }: WorktreeSetUp): string {
  return [
    ...(include && include.length > 0 ? [`gets a copy of ${include.join(', ')}`] : []),
    ...(run === undefined ? [] : [`runs ${run}`]),
  ].join(' and ')
}
