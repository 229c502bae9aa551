import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { z } from 'zod'
import type { Finding } from './check.js'
import { readWorkspace } from './workspace.js'

/**
 * Every file that a public package names in `exports`, `bin` and `types` exists, is published, and has the format it
 * claims; and no script names a source map, because the sources are not published.
 */
export async function checkPublishedExports(root: string): Promise<Finding> {
  const packages = readWorkspace(root).filter(({ manifest }) => !manifest.private)
  const folders = packages.map(({ folder }) => folder)
  const published = await publishedFiles(root, folders)
  const problems = await Promise.all(
    folders.map((folder, index) => lint(root, folder, published[index] ?? [])),
  )
  return { summary: `${packages.length} public packages`, problems: problems.flat() }
}

const Packed = z.array(z.looseObject({ files: z.array(z.looseObject({ path: z.string() })) }))

/** The paths that npm would publish of each folder, in the same order: one npm for all, because its start is what costs. */
async function publishedFiles(root: string, folders: readonly string[]): Promise<string[][]> {
  if (folders.length === 0) return []
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts', ...folders.map((folder) => `./${folder}`)]
  const options = { cwd: root, maxBuffer: 2 ** 26, shell: process.platform === 'win32' }
  const { stdout } = await promisify(execFile)('npm', args, options)
  return Packed.parse(JSON.parse(stdout)).map(({ files }) => files.map(({ path }) => path))
}

async function lint(root: string, folder: string, paths: readonly string[]): Promise<string[]> {
  const files = await Promise.all(
    paths.map(async (path) => ({
      name: join(root, folder, path),
      data: await readFile(join(root, folder, path)),
    })),
  )
  const { messages, pkg } = await publint({ pkgDir: join(root, folder), strict: true, pack: { files } })
  return [
    ...messages.map(
      (message) => `${folder}: ${formatMessage(message, pkg, { color: false }) ?? message.code}`,
    ),
    ...files
      .filter(({ name, data }) => data.includes('\n//# sourceMappingURL=') && hasSource(name))
      .map(({ name }) => `${relative(root, name)}: names a source map`),
  ]
}

/** Without a source it is left over from an earlier build. */
function hasSource(script: string): boolean {
  return existsSync(script.replace(/([\\/])dist([\\/])/, '$1src$2').replace(/\.js$/, '.ts'))
}
