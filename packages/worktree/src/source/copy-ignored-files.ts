import { SubagentError } from '@subagent-mcp/contract'
import { createFolderWithParents } from '@subagent-mcp/driver-kit'
import { constants, existsSync, lstatSync, readlinkSync, symlinkSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { splitAtNul, type GitRunner } from '../git/run-git.js'

/** Ignored files to copy: a runner on the checkout, its root, the root of the copy, and globs relative to the root. */
export type IgnoredFilesCopy = { git: GitRunner; from: string; to: string; include: readonly string[] }

/**
 * Copies the ignored files that match a glob, copy-on-write where the file system can. Returns a line for each folder that is a
 * repository of its own, which is not copied. @throws SubagentError `invalid-parameter` for a glob that git refuses
 */
export async function copyIgnoredFiles({
  git,
  from,
  to,
  include,
}: IgnoredFilesCopy): Promise<readonly string[]> {
  if (include.length === 0) return []
  const ignored = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard']
  const found = await git([...ignored, '--', ...include.map((glob) => `:(top,glob)${glob}`)])
  if ('refused' in found)
    throw new SubagentError('invalid-parameter', `include: git cannot use the globs: ${found.refused}`, {
      hint: 'give globs of git, relative to the root of the repository, such as node_modules/**',
    })
  const paths = splitAtNul(found.output)
  const waiting = paths.filter((path) => !path.endsWith('/'))[Symbol.iterator]()
  const work = async (): Promise<void> => {
    for (const path of waiting) await copyOne(join(from, path), join(to, path))
  }
  await Promise.all(Array.from({ length: parallel }, work))
  return paths.filter((path) => path.endsWith('/')).map((path) => `${path} (a git repository of its own)`)
}

const parallel = 16

async function copyOne(from: string, to: string): Promise<void> {
  const stats = lstatSync(from, { throwIfNoEntry: false })
  // The ignored file was deleted meanwhile, or the base has a file in its place.
  if (stats === undefined || existsSync(to)) return
  createFolderWithParents(dirname(to), 0o755)
  if (stats.isSymbolicLink()) symlinkSync(readlinkSync(from), to)
  else if (stats.isFile()) await copyFile(from, to, constants.COPYFILE_FICLONE)
}
