import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { z } from 'zod'
import type { CheckResult } from './check.js'
import { readWorkspace } from './workspace.js'

/**
 * Checks for each public package that every file in `exports`, `bin` and `types` exists, is published, and has the format
 * that it claims; and that no published script names a source map, because the sources are not published.
 */
export async function checkPublishedExports(root: string): Promise<CheckResult> {
  const packages = readWorkspace(root).filter(({ manifest }) => !manifest.private)
  const published = packages.length === 0 ? new Map<string, string[]>() : await publishedFiles(root)
  const problems = await Promise.all(
    packages.map(({ folder, manifest }) => lint(root, folder, published.get(manifest.name) ?? [])),
  )
  return { summary: `${packages.length} public packages`, problems: problems.flat() }
}

const Tarball = z.looseObject({ name: z.string(), files: z.array(z.looseObject({ path: z.string() })) })
const Packed = z.union([z.array(Tarball), Tarball.transform((one) => [one])])

/** The paths that pnpm would publish of each package, by the name of the package. pnpm prints no list for one package. */
async function publishedFiles(root: string): Promise<Map<string, string[]>> {
  const pnpm = [join(root, 'tooling/run.mjs'), 'pnpm', '--dir', root]
  const args = ['--recursive', 'pack', '--dry-run', '--json', '--config.ignore-scripts=true']
  const { stdout } = await promisify(execFile)(process.execPath, [...pnpm, ...args], { maxBuffer: 2 ** 26 })
  const tarballs = Packed.parse(JSON.parse(stdout))
  return new Map(tarballs.map(({ name, files }) => [name, files.map(({ path }) => path)]))
}

async function lint(root: string, folder: string, paths: readonly string[]): Promise<string[]> {
  // pnpm adds the LICENSE of the root, which is in no package's folder.
  const own = paths.map((path) => join(root, folder, path)).filter((path) => existsSync(path))
  const files = await Promise.all(own.map(async (name) => ({ name, data: await readFile(name) })))
  const { messages, pkg } = await publint({ pkgDir: join(root, folder), strict: true, pack: { files } })
  return [
    ...messages.map(
      (message) => `${folder}: ${formatMessage(message, pkg, { color: false }) ?? message.code}`,
    ),
    ...files
      .filter(({ name, data }) => data.includes('\n//# sourceMappingURL=') && hasSource(name))
      .map(
        ({ name }) => `${relative(root, name)}: names a source map, which is not published; build without`,
      ),
  ]
}

/** Whether a built script has a source. One without is left over from an earlier build. */
function hasSource(script: string): boolean {
  return existsSync(script.replace(/([\\/])dist([\\/])/, '$1src$2').replace(/\.js$/, '.ts'))
}
