import { isMissingFileError, parseJson, SubagentError } from '@subagent-mcp/contract'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/**
 * The set-up of each new worktree of a project, so that tests run there: copies of ignored files, or a command to run.
 */
export type WorktreeSetUp = {
  /** Globs of ignored files to copy from the checkout. */
  include?: readonly string[]
  /** A shell command that runs in the worktree before its agent starts. */
  run?: string
  /** The hash of the project's own proposal that the user approved. Missing for other set-ups. */
  approved?: string
}

/** A set-up that fits a project, and the file that shows it: a lock file, or the project's own proposal. */
export type ProposedWorktreeSetUp = { file: string; setUp: WorktreeSetUp }

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

/** The file in which a project proposes a set-up of its worktrees, as `{"include": [".env.test"], "run": "npm ci"}`. */
export const worktreeSetUpFile = '.subagent-mcp/worktree.json'

const SetUpFile = z
  .strictObject({
    $schema: z.string().exactOptional(),
    include: z.array(z.string().min(1).max(500)).min(1).max(100).exactOptional(),
    run: z.string().trim().min(1).max(2_000).exactOptional(),
  })
  .refine(({ include, run }) => include !== undefined || run !== undefined, {
    error: 'names neither include nor run',
  })

/**
 * Finds out how a worktree of a project gets what its tests need: by the project's own proposal, otherwise by the lock file in its root.
 * Runs nothing. Undefined where it needs nothing. @throws SubagentError `invalid-parameter` for a proposal that cannot be read
 */
export function proposeWorktreeSetUp(root: string): ProposedWorktreeSetUp | undefined {
  const own = readSetUpFile(root)
  if (own) return { file: worktreeSetUpFile, setUp: own }
  for (const { lockFiles, installed, include, run } of ecosystems) {
    const lockFile = lockFiles.find((name) => existsSync(join(root, name)))
    if (lockFile === undefined) continue
    const isInstalled = installed?.every((name) => existsSync(join(root, name)))
    return { file: lockFile, setUp: isInstalled ? { include } : { run } }
  }
  return undefined
}

/** Reads the project's own proposal of a set-up. The user approves it by its hash, which differs after every change. */
function readSetUpFile(root: string): WorktreeSetUp | undefined {
  const path = join(root, worktreeSetUpFile)
  const text = readIfThere(path)
  if (text === undefined) return undefined
  const file = SetUpFile.safeParse(parseJson(text))
  if (file.success) {
    const { $schema: _, ...setUp } = file.data
    const approved = `sha256-${createHash('sha256').update(JSON.stringify(setUp)).digest('base64')}`
    return { ...setUp, approved }
  }
  const problem = z.prettifyError(file.error).replace(/\s+/g, ' ')
  throw new SubagentError('invalid-parameter', `${path}: ${problem}`, {
    hint: 'it takes {"include": ["node_modules/**"], "run": "npm ci"}, one of them or both',
  })
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if (isMissingFileError(cause)) return undefined
    throw new SubagentError('invalid-parameter', `cannot read ${path}`, { cause })
  }
}

/** Says what a set-up does, as the end of a sentence. */
export function describeWorktreeSetUp({ include, run }: WorktreeSetUp): string {
  return [
    ...(include && include.length > 0 ? [`gets a copy of ${include.join(', ')}`] : []),
    ...(run === undefined ? [] : [`runs ${run}`]),
  ].join(' and ')
}
