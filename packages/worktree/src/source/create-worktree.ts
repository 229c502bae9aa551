import { omitUndefined, isPathInside, SubagentError } from '@subagent-mcp/contract'
import { createFolderWithParents, removeFolderIfPossible, type Environment } from '@subagent-mcp/driver-kit'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { readGitOutput, type GitRunner, type GitSettings } from '../git/run-git.js'
import { listEmptyFolders, snapshotFiles } from '../git/snapshot-files.js'
import { isWorktreeId } from '../disk/delete-worktree.js'
import {
  readWorktreeRecord,
  createWorktreeFromRecord,
  replaceJsonFile,
  type WorktreeRecord,
} from '../disk/worktree-record.js'
import type { CreateWorktreeOptions, Worktree } from '../worktree-store.js'
import { copyIgnoredFiles } from './copy-ignored-files.js'
import { inspectWorktreeSource, type SourceCheckout } from './inspect-worktree-source.js'
import {
  findConvertedPaths,
  noConversionAttributes,
  openWorktreeGitFolder,
  getWorktreePaths,
} from './worktree-paths.js'
import type { WorktreeGitFolder, WorkTreeIndex } from './worktree-paths.js'

/** The worktree to make, in a folder of the store that does not exist. */
export type WorktreeCreation = CreateWorktreeOptions & {
  /** The folder of all worktrees. */
  store: string
  /** The time in Unix milliseconds. */
  now: number
  /** Keeps the state of the user's own folder, and makes no copy. */
  inPlace?: boolean
}

/**
 * Makes a worktree in a folder with a name of its own, and renames that when it is whole, so that a killed process leaves none
 * that is half made. @throws SubagentError
 */
export async function createWorktree({
  id,
  cwd,
  environment,
  include = [],
  store,
  now,
  inPlace = false,
}: WorktreeCreation): Promise<Worktree> {
  checkId(id)
  const source = await inspectWorktreeSource(cwd, environment)
  const making = join(store, `${unfinishedWorktreePrefix}${id}.${process.pid}`)
  const name = inPlace ? '' : basename(source.root) || 'copy'
  try {
    createFolderWithParents(join(making, 'copy', name))
    const make: Making = { source, environment, store, folder: making, root: join(making, 'copy', name) }
    const folder = initPrivateFolder(make)
    const base = await keepBase(make, { folder, inPlace })
    if (!inPlace) await writeCopy(make, { folder, base })
    const files = openWorktreeGitFolder(folder, { workTree: source.root, index: folder.paths.sourceIndex })
    const notCopied = await copyIgnoredFiles({ git: files, from: source.root, to: make.root, include })
    if (!inPlace) createFolderWithParents(join(make.root, source.below), 0o755)
    const record: WorktreeRecord = {
      ...{ version: 1, id, source: source.root, below: source.below, name, createdAt: now },
      ...omitUndefined({ head: source.head, outerHead: outerHeadOf(store, source.root) }),
      ...{ base: base.commit, started: base.commit, baseTree: base.tree },
      left: [...source.left, ...base.left, ...notCopied],
      settings: source.settings.map(([key, value]) => [key, value]),
    }
    replaceJsonFile(folder.paths.record, record)
    renameSync(making, join(store, id))
    return createWorktreeFromRecord(record, join(store, id))
  } catch (error) {
    removeFolderIfPossible(making)
    throw error
  }
}

function checkId(id: string): void {
  if (!isWorktreeId(id))
    throw new SubagentError('invalid-parameter', `${JSON.stringify(id)} is no id of a worktree`, {
      hint: 'use letters, digits, -, _ and ., at most 100, and begin with a letter or digit',
    })
}

/** The beginning of the names of folders in which a worktree is being made. A process id is at their end. */
export const unfinishedWorktreePrefix = '.making.'

/** A worktree that is being made: its folder, and the root of its copy. */
type Making = {
  source: SourceCheckout
  environment: Environment
  store: string
  folder: string
  root: string
}

/** Makes the private git folder, which borrows the objects of the user's repository. */
function initPrivateFolder({ source, environment, store, folder }: Making): WorktreeGitFolder {
  const paths = getWorktreePaths(folder)
  const made: WorktreeGitFolder = { git: source.git, environment, paths, settings: source.settings }
  for (const name of ['refs', 'objects/pack']) mkdirSync(join(paths.gitFolder, name), { recursive: true })
  writeFileSync(join(paths.gitFolder, 'HEAD'), 'ref: refs/heads/changes\n')
  const formats: GitSettings = [
    ['core.repositoryformatversion', '1'],
    ['extensions.objectformat', source.objectFormat],
  ]
  writeFileSync(join(paths.gitFolder, 'config'), settingsText(formats))
  mkdirSync(join(paths.gitFolder, 'info'), { recursive: true })
  mkdirSync(join(paths.objects, 'info'), { recursive: true })
  borrowObjects(paths.objects, source.objectFolders)
  writeFileSync(join(paths.gitFolder, 'info/attributes'), noConversionAttributes)
  const excluded = isPathInside(source.root, store) ? `\n/${relative(source.root, store)}/\n` : ''
  writeFileSync(join(paths.gitFolder, 'info/exclude'), `${source.excludes.repository}${excluded}`)
  writeFileSync(join(paths.gitFolder, 'user-excludes'), source.excludes.user)
  if (source.shallow !== undefined) writeFileSync(join(paths.gitFolder, 'shallow'), source.shallow)
  return made
}

/** Makes the folders in which the user's repository has its objects part of a folder of objects. */
function borrowObjects(objects: string, folders: readonly string[]): void {
  writeFileSync(join(objects, 'info/alternates'), folders.map((path) => `${path}\n`).join(''))
}

function settingsText(settings: GitSettings): string {
  return settings
    .map(([name, value]) => {
      const [, section = '', key = ''] = /^(.*)\.(.*)$/s.exec(name) ?? []
      return `[${section}]\n\t${key} = ${JSON.stringify(value)}\n`
    })
    .join('')
}

function filesOf({ root }: SourceCheckout, { paths }: WorktreeGitFolder): WorkTreeIndex {
  return { workTree: root, index: paths.sourceIndex }
}

/** A kept state: its commit and tree, and what git cannot hold. */
type Base = { commit: string; tree: string; left: readonly string[] }

/** The most bytes of uncommitted files that a copy takes. A repository around a whole home would fill the disk. */
const mostBytes = 2 * 2 ** 30

/**
 * Keeps the user's files as a commit, with copies of all objects that it has. `inPlace`: without those that `HEAD` has, because git
 * keeps commits of the user for weeks, and to copy them takes the most time.
 */
async function keepBase(
  { source, store }: Making,
  { folder, inPlace }: { folder: WorktreeGitFolder; inPlace: boolean },
): Promise<Base> {
  const git = openWorktreeGitFolder(folder, filesOf(source, folder))
  await takeIndex(git, source, folder)
  const reread = await findConvertedPaths(git, source.run)
  const { tree, left } = await snapshotFiles({ git, workTree: source.root, reread, mostBytes })
  const parent = source.head === undefined ? [] : ['-p', source.head]
  const message = `The files of ${source.root} when the agent started`
  const commit = (await readGitOutput(git, ['commit-tree', tree, ...parent, '-m', message])).trim()
  const pack = (option: readonly string[], revisions: readonly string[]) =>
    readGitOutput(
      git,
      ['pack-objects', '-q', '--delta-base-offset', ...option, join(folder.paths.objects, 'pack/pack')],
      revisions.map((line) => `${line}\n`).join(''),
    )
  const [empty] = await Promise.all([
    listEmptyFolders(git),
    pack(['--revs'], [tree, ...(inPlace && source.head !== undefined ? [`^${source.head}`] : [])]),
    source.head === undefined || inPlace ? undefined : pack([], [source.head]),
  ])
  const lasting = source.objectFolders.filter((objects) => !isPathInside(store, objects))
  if (lasting.length < source.objectFolders.length) {
    // The commits of another worktree are copied, because that may be discarded first.
    const known = outerHeadOf(store, source.root)
    await pack(['--revs'], [commit, ...(known === undefined ? [] : [`^${known}`])])
    borrowObjects(folder.paths.objects, lasting)
  }
  return { commit, tree, left: [...left, ...empty] }
}

/** The user's `HEAD` when the worktree was made in which a checkout is; for a worktree of a worktree, that of the outermost. */
function outerHeadOf(store: string, root: string): string | undefined {
  if (!isPathInside(store, root)) return undefined
  const record = readWorktreeRecord(
    getWorktreePaths(join(store, relative(store, root).split(sep)[0] ?? '')).record,
  )
  if (record === undefined) return undefined
  return isPathInside(store, record.source) ? record.outerHead : record.head
}

/**
 * Copies the index file of the user's checkout, by which git knows unchanged files without reading them. The copy is no newer
 * than the original, because git reads files again that changed after it.
 */
async function takeIndex(
  git: GitRunner,
  source: SourceCheckout,
  { paths }: WorktreeGitFolder,
): Promise<void> {
  if (!existsSync(source.index)) {
    if (source.head !== undefined) await readGitOutput(git, ['read-tree', source.head])
    return
  }
  copyFileSync(source.index, paths.sourceIndex)
  const seconds = Math.floor(statSync(source.index).mtimeMs / 1000)
  utimesSync(paths.sourceIndex, seconds, seconds)
  for (const name of readdirSync(dirname(source.index)))
    if (name.startsWith('sharedindex.'))
      copyFileSync(join(dirname(source.index), name), join(paths.gitFolder, name))
}

/** Writes the files of the base into the copy, with a repository of its own, which has neither remotes nor hooks. */
async function writeCopy(
  { source, root }: Making,
  { folder, base }: { folder: WorktreeGitFolder; base: Base },
): Promise<void> {
  const files = openWorktreeGitFolder(folder, { workTree: root, index: folder.paths.copyIndex })
  await readGitOutput(files, ['read-tree', base.tree])
  await readGitOutput(files, ['checkout-index', '--all', '--index', '--force', '--quiet'])
  const gitFolder = join(root, '.git')
  const paths = { ...folder.paths, gitFolder }
  const own = openWorktreeGitFolder({ ...folder, paths }, { workTree: root, index: join(gitFolder, 'index') })
  await readGitOutput(own, ['init', '--quiet', '--template=', `--object-format=${source.objectFormat}`])
  for (const name of ['info', 'objects/info']) mkdirSync(join(gitFolder, name), { recursive: true })
  // Relative, because the folder around both is renamed.
  writeFileSync(join(gitFolder, 'objects/info/alternates'), '../../../../private.git/objects\n')
  writeFileSync(join(gitFolder, 'info/attributes'), noConversionAttributes)
  writeFileSync(join(gitFolder, 'info/exclude'), source.excludes.repository)
  if (source.shallow !== undefined) writeFileSync(join(gitFolder, 'shallow'), source.shallow)
  appendFileSync(join(gitFolder, 'config'), settingsText([...copySettings, ...source.settings]))
  const head = source.branch === undefined ? base.commit : `ref: refs/heads/${source.branch}`
  writeFileSync(join(gitFolder, 'HEAD'), `${head}\n`)
  if (source.branch !== undefined) await readGitOutput(own, ['update-ref', 'HEAD', base.commit])
  copyFileSync(folder.paths.copyIndex, join(gitFolder, 'index'))
}

/** The settings of the copy's own repository, which win over those of the user: the agent's git commands run no hook and ask nothing. */
const copySettings: GitSettings = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.autocrlf', 'false'],
  ['core.safecrlf', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['commit.gpgSign', 'false'],
  ['tag.gpgSign', 'false'],
]
