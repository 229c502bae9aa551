import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { CheckResult } from './check.js'

const Item = z.looseObject({ name: z.string(), line: z.number().optional() })
const Issue = z.object({ file: z.string() }).catchall(z.union([z.string(), z.array(Item)]))
const Report = z.looseObject({ issues: z.array(Issue) })

/** Checks with knip that every file, export and dependency is used in the workspace. knip.json has the exceptions. */
export async function checkUnusedExports(root: string): Promise<CheckResult> {
  const args = [knip, '--directory', root, '--no-progress', '--no-exit-code', '--reporter', 'json']
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 })
  const { issues } = Report.parse(JSON.parse(stdout))
  return { summary: 'checked with knip', problems: issues.flatMap(describeIssue) }
}

const knip = join(dirname(fileURLToPath(import.meta.resolve('knip'))), '../bin/knip.js')

function describeIssue({ file, ...kinds }: z.infer<typeof Issue>): string[] {
  return Object.entries(kinds).flatMap(([kind, items]) =>
    Array.isArray(items)
      ? items.map(({ name }) => `${file}: ${messages[kind]?.(name) ?? `${kind} ${name}`}`)
      : [],
  )
}

const unusedExport = (name: string) => `no file imports ${name}; delete it or do not export it`
const unusedDependency = (name: string) => `nothing uses ${name}; remove it from package.json`

const messages: Readonly<Record<string, (name: string) => string>> = {
  files: () => 'no file imports it; delete it',
  exports: unusedExport,
  types: unusedExport,
  dependencies: unusedDependency,
  devDependencies: unusedDependency,
  unlisted: (name) => `${name} is not in package.json; add it`,
  unresolved: (name) => `${name} does not resolve; correct the import`,
}
