import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Finding } from './check.js'

const Item = z.looseObject({ name: z.string(), line: z.number().optional() })
const Issue = z.object({ file: z.string() }).catchall(z.union([z.string(), z.array(Item)]))
const Report = z.looseObject({ issues: z.array(Issue) })

/** No file, export or dependency without a user in the workspace; found by knip with knip.json. */
export async function checkUnusedExports(root: string): Promise<Finding> {
  const args = [knip, '--directory', root, '--no-progress', '--no-exit-code', '--reporter', 'json']
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 })
  const { issues } = Report.parse(JSON.parse(stdout))
  return { summary: 'by knip', problems: issues.flatMap(describeIssue) }
}

const knip = join(dirname(fileURLToPath(import.meta.resolve('knip'))), '../bin/knip.js')

function describeIssue({ file, ...kinds }: z.infer<typeof Issue>): string[] {
  return Object.entries(kinds).flatMap(([kind, items]) =>
    Array.isArray(items) ? items.map(({ name }) => `${file}: ${words[kind] ?? kind} ${name}`) : [],
  )
}

const words: Readonly<Record<string, string>> = {
  files: 'nobody imports',
  exports: 'nobody imports',
  types: 'nobody imports',
  dependencies: 'unused dependency',
  devDependencies: 'unused dependency',
  unlisted: 'not in package.json:',
  unresolved: 'does not resolve:',
}
