import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Finding } from './check.js'

const Item = z.looseObject({ name: z.string(), line: z.number().optional() })
/** A circle of imports is a list of items itself. */
const Items = z.array(z.union([Item, z.array(Item)]))
const Issue = z.object({ file: z.string() }).catchall(z.union([z.string(), Items]))
const Report = z.looseObject({ issues: z.array(Issue) })

/** No file, export or dependency without a user in the workspace, and no circle of imports: knip, by knip.json. */
export async function checkUnusedExports(root: string): Promise<Finding> {
  const args = [knip, '--directory', root, '--no-progress', '--no-exit-code', '--reporter', 'json']
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 })
  const { issues } = Report.parse(JSON.parse(stdout))
  return { summary: 'by knip', problems: issues.flatMap(describeIssue) }
}

const knip = join(dirname(fileURLToPath(import.meta.resolve('knip'))), '../bin/knip.js')

function describeIssue({ file, ...kinds }: z.infer<typeof Issue>): string[] {
  return Object.entries(kinds).flatMap(([kind, items]) =>
    Array.isArray(items) ? items.map((item) => `${file}: ${words[kind] ?? kind} ${nameOf(item)}`) : [],
  )
}

function nameOf(item: z.infer<typeof Items>[number]): string {
  return Array.isArray(item) ? item.map(({ name }) => name).join(' → ') : item.name
}

const words: Readonly<Record<string, string>> = {
  files: 'nobody imports',
  exports: 'nobody imports',
  types: 'nobody imports',
  dependencies: 'unused dependency',
  devDependencies: 'unused dependency',
  unlisted: 'not in package.json:',
  unresolved: 'does not resolve:',
  cycles: 'imports itself by way of',
}
