import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Finding } from './check.js'

/** No file is longer than one sitting, no README longer than one screen. Functions are the linter's part. */
export function checkSizes(root: string): Finding {
  const files = filesUnder(root, '').map((path) => ({ path, lines: countLines(join(root, path)) }))
  const long = files.filter(({ lines }) => lines > lookAgainAt)
  return {
    summary: [`${files.length} files`, ...long.map(({ path, lines }) => `${path} has ${lines} lines`)].join(
      '; ',
    ),
    problems: files
      .filter(({ path, lines }) => lines > limitOf(path))
      .map(({ path, lines }) => `${path}: ${lines} lines, ${limitOf(path)} at most`),
  }
}

const lookAgainAt = 200

function limitOf(path: string): number {
  return basename(path) === 'README.md' ? 80 : 300
}

function filesUnder(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return isOurs(entry.name) ? filesUnder(root, path) : []
    return isText(path) ? [path] : []
  })
}

function isOurs(folder: string): boolean {
  return (
    !(folder.startsWith('.') && folder !== '.ci') &&
    !['node_modules', 'dist', '__fixtures__'].includes(folder)
  )
}

/** CHANGELOG.md is written by changesets and only grows. */
function isText(path: string): boolean {
  return (/\.([cm]?[jt]s|sh|md)$/.test(path) || path.startsWith('.ci')) && basename(path) !== 'CHANGELOG.md'
}

function countLines(path: string): number {
  return readFileSync(path, 'utf8').trimEnd().split('\n').length
}
