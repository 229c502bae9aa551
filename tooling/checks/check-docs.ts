import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { CheckResult } from './check.js'
import { generatedDocs } from './generated-docs.js'

/** Checks that the generated pages and sections of `docs/`, and the files of plugins, are those that the current code generates. */
export async function checkDocs(root: string): Promise<CheckResult> {
  const pages = await generatedDocs(root)
  const outdated = pages.filter(({ path, text }) => textOf(join(root, path)) !== text)
  return {
    summary: `${pages.length} generated files`,
    problems: outdated.map(
      ({ path }) =>
        `${path} differs from what the code generates; run: node tooling/checks/dist/main.js --write`,
    ),
  }
}

/** Writes the generated files of the repository. */
export async function writeGeneratedDocs(root: string): Promise<void> {
  for (const { path, text } of await generatedDocs(root)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
