import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { CheckResult } from './check.js'

/** Checks that no file has more than 300 lines and no README more than 80. The linter checks the length of functions. */
export function checkSizes(root: string): CheckResult {
  const files = filesUnder(root, '').map((path) => ({ path, lines: countLines(join(root, path)) }))
  const long = files.filter(({ lines }) => lines > longLines)
  return {
    summary: [`${files.length} files`, ...long.map(({ path, lines }) => `${path} has ${lines} lines`)].join(
      '; ',
    ),
    problems: files
      .filter(({ path, lines }) => lines > limitOf(path))
      .map(({ path, lines }) => `${path}: ${lines} lines, ${limitOf(path)} at most; split it by its ideas`),
  }
}

/** The number of lines above which the summary names a file. */
const longLines = 200

function limitOf(path: string): number {
  return basename(path) === 'README.md' ? 80 : 300
}

function filesUnder(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return isOurs(entry.name) ? filesUnder(root, path) : []
    return isWritten(path) ? [path] : []
  })
}

function isOurs(folder: string): boolean {
  return (
    !(folder.startsWith('.') && folder !== '.ci') &&
    !['node_modules', 'dist', '__fixtures__'].includes(folder)
  )
}

/** Whether people write this file. CHANGELOG.md is not, because changesets writes it. */
function isWritten(path: string): boolean {
  return (/\.([cm]?[jt]s|sh|md)$/.test(path) || path.startsWith('.ci')) && basename(path) !== 'CHANGELOG.md'
}

function countLines(path: string): number {
  return readFileSync(path, 'utf8').trimEnd().split('\n').length
}
