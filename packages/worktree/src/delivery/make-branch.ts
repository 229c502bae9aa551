import { SubagentError } from '@subagent-mcp/contract'
import { removeFolderIfPossible, type Environment } from '@subagent-mcp/driver-kit'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readGitOutput, openUserGit, type GitRunner } from '../git/run-git.js'
import { rebaseTree } from './apply-changes.js'
import { writeTreeFiles } from './merge-changes.js'
import {
  linkMode,
  listPathChanges,
  submoduleMode,
  type TreePathChange,
  type TreeEntry,
} from './tree-changes.js'

export type MakeBranchOptions = {
  name: string
  message: string
  root: string
  environment: Environment
  /** The user's `HEAD` when the worktree was made; undefined before the first commit. */
  head: string | undefined
  /** The commit of the base, its tree, and the tree with the changes. */
  base: string
  from: string
  to: string
  open(workTree: string, index: string): GitRunner
  /** The private folder of objects, and a folder for temporary files, which does not exist. */
  objects: string
  scratch: string
}

/**
 * Makes a branch in a user's repository, which holds changes as one commit on his `HEAD`. Where they touch what he has not
 * committed, the commit stands on one with his uncommitted state. No hook is run. @throws SubagentError `invalid-parameter` for a
 * name that exists or is none; `not-supported` for files that a filter would convert; `io-failed`
 */
export async function makeBranchOfChanges(options: MakeBranchOptions): Promise<string> {
  const { name, message, root, environment, head, base, to, open, objects, scratch } = options
  const source = await openUserGit({ folder: root, environment, option: 'branch' })
  await checkName(source, name)
  mkdirSync(scratch, { recursive: true })
  try {
    const git = open(scratch, join(scratch, 'index'))
    const writer = await openUserGit({ folder: root, environment, option: 'branch', objects })
    const tree = await treeOnHead(options, writer)
    const parent = tree === undefined ? base : head
    const parents = parent === undefined ? [] : ['-p', parent]
    const commit = (await readGitOutput(git, ['commit-tree', tree ?? to, ...parents, '-m', message])).trim()
    const revisions = `${commit}\n${head === undefined ? '' : `^${head}\n`}`
    const pack = join(scratch, 'pack')
    const written = await readGitOutput(git, ['pack-objects', '--revs', '-q', pack], revisions)
    await readGitOutput(source, ['unpack-objects', '-q'], { file: `${pack}-${written.trim()}.pack` })
    await readGitOutput(source, ['update-ref', `refs/heads/${name}`, commit, '0'.repeat(commit.length)])
    return commit
  } finally {
    removeFolderIfPossible(scratch)
  }
}

async function checkName(source: GitRunner, name: string): Promise<void> {
  const refuse = (problem: string): SubagentError =>
    new SubagentError('invalid-parameter', `branch: ${problem}`, { hint: 'give another name' })
  const valid = await source(['check-ref-format', `refs/heads/${name}`])
  if ('refused' in valid || name.startsWith('-') || name === 'HEAD')
    throw refuse(`${JSON.stringify(name)} is no name of a branch`)
  const there = await source(['rev-parse', '--verify', '--quiet', `refs/heads/${name}`])
  if (!('refused' in there)) throw refuse(`${name} exists`)
}

/** The tree of the user's `HEAD` with the changes. Undefined where they touch what he has not committed. */
async function treeOnHead(options: MakeBranchOptions, writer: GitRunner): Promise<string | undefined> {
  const { from, to, head, open, scratch } = options
  const git = open(scratch, join(scratch, 'index'))
  const onto =
    head === undefined
      ? (await readGitOutput(git, ['hash-object', '-t', 'tree', '-w', '--stdin'])).trim()
      : head
  const different = new Set((await listPathChanges(git, from, onto)).map(({ path }) => path))
  const changes = await listPathChanges(git, from, to)
  // Git may convert files on their way into the repository, as with line ends, so that the two have different bytes.
  const odd = changes.filter(({ path, before }) => before === undefined || different.has(path))
  await refuseFiltered(writer, odd)
  const converted = async (side: 'before' | 'after', tree: string): Promise<string> => {
    const lines = await convertedLines(odd, side, { open, scratch, writer })
    await readGitOutput(git, ['read-tree', tree])
    await readGitOutput(git, ['update-index', '-z', '--index-info'], lines)
    return (await readGitOutput(git, ['write-tree', '--missing-ok'])).trim()
  }
  const { tree, conflicts } = await rebaseTree({
    ...{ from: await converted('before', from), to: await converted('after', to), onto, open },
    ...{ root: scratch, index: join(scratch, 'index'), scratch: join(scratch, 'merge') },
  })
  return conflicts.length === 0 ? tree : undefined
}

async function refuseFiltered(source: GitRunner, changes: readonly TreePathChange[]): Promise<void> {
  if (changes.length === 0) return
  const paths = changes.map(({ path }) => `${path}\0`).join('')
  const found = await readGitOutput(source, ['check-attr', '--stdin', '-z', 'filter'], paths)
  const [, path, filter] = /([^\0]+)\0filter\0(?!uns(?:et|pecified)\0)([^\0]+)\0/.exec(found) ?? []
  if (path === undefined) return
  throw new SubagentError(
    'not-supported',
    `branch: git converts ${path} by the filter ${filter}, which is not run`,
    {
      hint: 'apply the changes instead, and commit them yourself',
    },
  )
}

type Conversion = Pick<MakeBranchOptions, 'open' | 'scratch'> & { writer: GitRunner }

/** Lines for an index file, with the bytes of each file as the user's repository would have them. */
async function convertedLines(
  changes: readonly TreePathChange[],
  side: 'before' | 'after',
  { open, scratch, writer }: Conversion,
): Promise<string> {
  const entries = changes.flatMap((change) => {
    const entry: TreeEntry | undefined = change[side]
    return entry === undefined || [linkMode, submoduleMode].includes(entry.mode)
      ? []
      : [{ ...entry, name: change.path }]
  })
  const files = entries.map(({ mode, id }, index) => ({ mode, id, path: String(index) }))
  if (files.length > 0)
    await writeTreeFiles(open(scratch, join(scratch, `${side}.index`)), { entries: files, folder: side })
  const lines: string[] = []
  for (const [index, { mode, name }] of entries.entries()) {
    const hash = ['hash-object', '-w', '--stdin', '--path', name]
    const id = (await readGitOutput(writer, hash, { file: join(scratch, side, String(index)) })).trim()
    lines.push(`${mode} ${id}\t${name}\0`)
  }
  return lines.join('')
}
