import { SubagentError } from '@subagent-mcp/contract'
import { findProjectRoot, type Environment } from '@subagent-mcp/driver-kit'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import {
  findGitExecutable,
  readGitOutput,
  openUserGit,
  uncutGitOutputLimit,
  type GitRunner,
} from '../git/run-git.js'

/**
 * Properties of a user's checkout from which a worktree is made. Nothing that the checkout configures is run to read
 * them.
 */
export type SourceCheckout = {
  /** The path of git. */
  git: string
  root: string
  /** The path of the caller's folder below the root; empty for the root itself. */
  below: string
  /** The commit id of `HEAD`; undefined before the first commit. */
  head: string | undefined
  /** The name of the checked out branch, also before its first commit; undefined for a detached `HEAD`. */
  branch: string | undefined
  objectFormat: string
  /** The folders in which its objects are, also those of other repositories that it borrows from. */
  objectFolders: readonly string[]
  /** The index file. It need not exist. */
  index: string
  /** The text of the file `shallow`; undefined for a repository with its whole history. */
  shallow: string | undefined
  /** Patterns of ignored files that are not in a `.gitignore`: those of the repository, and those of the user. */
  excludes: { repository: string; user: string }
  /** The settings that say what the file system can hold, and the name and email of the user. */
  settings: readonly (readonly [name: string, value: string])[]
  /** Notes of what git leaves out by the repository's settings. */
  left: readonly string[]
  run: GitRunner
}

/**
 * Reads the properties of the checkout around a folder.
 * @throws SubagentError `not-installed`, `invalid-parameter` or `not-supported`, with the reason why no worktree can be
 * made
 */
export async function inspectWorktreeSource(cwd: string, environment: Environment): Promise<SourceCheckout> {
  const git = findGitExecutable(environment, option)
  refuseBare(cwd)
  const root = findProjectRoot(cwd)
  const below = relative(root, realpathSync.native(cwd))
  const run = await openUserGit({ folder: root, environment, option, longest: uncutGitOutputLimit })
  const names = ['objects', 'index', 'shallow', 'info/exclude']
  const asked = ['rev-parse', '--show-object-format', ...names.flatMap((name) => ['--git-path', name])]
  const [answers, head, branch, config] = await Promise.all([
    readGitOutput(run, asked),
    commitOf(run),
    branchOf(run),
    readSettings(run),
  ])
  const [objectFormat = '', ...paths] = answers.split('\n')
  const [objects = '', index = '', shallowFile = '', exclude = ''] = paths.map((path) => resolve(root, path))
  const shallow = readIfThere(shallowFile)
  return {
    ...{ git, root, below, run, head, branch, objectFormat, index, shallow },
    objectFolders: objectFoldersFrom(objects),
    excludes: {
      repository: readIfThere(exclude) ?? '',
      user: readIfThere(userFile(config.get('core.excludesfile'), { environment, root })) ?? '',
    },
    settings: [...config].filter(([name]) => keptSettings.includes(name)),
    left: [
      ...(shallow === undefined ? [] : ['older history, because the repository is a shallow clone']),
      ...([...config.keys()].some((name) => /^remote\..*\.promisor$/s.test(name))
        ? ['objects that the partial clone does not have, because nothing is fetched']
        : []),
    ],
  }
}

const option = 'isolation'

/** Settings that a worktree takes over. */
const keptSettings = [
  ...['core.filemode', 'core.symlinks', 'core.ignorecase', 'core.precomposeunicode', 'core.longpaths'],
  ...['user.name', 'user.email'],
]

function refused(problem: string): SubagentError {
  return new SubagentError('not-supported', `${option}: ${problem}`, {
    hint: `launch the agent without ${option}, or in another folder`,
  })
}

/** Refuses the folder of a repository and a bare one by name, which have no files. */
function refuseBare(cwd: string): void {
  if (!existsSync(cwd))
    throw new SubagentError('cwd-missing', `${cwd} does not exist`, { hint: 'give a folder that exists' })
  for (let folder = realpathSync.native(cwd); ; folder = dirname(folder)) {
    if (basename(folder) === '.git') throw refused(`${cwd} is in the folder of a git repository`)
    if (existsSync(join(folder, '.git'))) return
    if (['HEAD', 'objects', 'refs'].every((name) => existsSync(join(folder, name))))
      throw refused(`${folder} is a bare git repository, which has no files`)
    if (folder === dirname(folder)) return
  }
}

async function commitOf(run: GitRunner): Promise<string | undefined> {
  const found = await run(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])
  if (!('refused' in found)) return found.output.trim()
  const named = await run(['rev-parse', '--verify', '--quiet', 'HEAD'])
  if (!('refused' in named)) throw refused(`the commit ${named.output.trim()} of HEAD is missing`)
  return undefined
}

async function branchOf(run: GitRunner): Promise<string | undefined> {
  const found = await run(['symbolic-ref', '--quiet', 'HEAD'])
  if ('refused' in found) return undefined
  return /^refs\/heads\/(.+)$/s.exec(found.output.trim())?.[1]
}

/** All settings in force, by their names as git writes them: in lower case, but for names of remotes and the like. */
async function readSettings(run: GitRunner): Promise<ReadonlyMap<string, string>> {
  const entries = (await readGitOutput(run, ['config', '-z', '--includes', '--list'])).split('\0')
  return new Map(
    entries.flatMap((entry) => {
      const [, name, value] = /^([^\n]+)(?:\n(.*))?$/s.exec(entry) ?? []
      return name === undefined ? [] : [[name, value ?? 'true'] as const]
    }),
  )
}

type UserFile = { environment: Environment; root: string }

/** The path of the user's own file of ignored patterns: the configured one, else the default of git. */
function userFile(configured: string | undefined, { environment, root }: UserFile): string {
  const home = environment['HOME'] ?? environment['USERPROFILE'] ?? homedir()
  if (configured !== undefined && configured !== '')
    return resolve(root, configured.replace(/^~(?=[\\/])/, home))
  return join(environment['XDG_CONFIG_HOME'] || join(home, '.config'), 'git/ignore')
}

/** The folder of objects and those that it borrows from, each once, as real paths. A missing one is left out. */
function objectFoldersFrom(objects: string, seen = new Set<string>()): readonly string[] {
  if (!existsSync(objects) || seen.has(realpathSync(objects))) return [...seen]
  const real = realpathSync(objects)
  if (/[\r\n]/.test(real)) throw refused(`the path ${JSON.stringify(real)} has a line break`)
  seen.add(real)
  for (const line of (readIfThere(join(real, 'info/alternates')) ?? '').split('\n')) {
    if (line !== '' && !/^[#"]/.test(line))
      objectFoldersFrom(isAbsolute(line) ? line : join(real, line), seen)
  }
  return [...seen]
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
