import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from './check.js'
import { generatedDocs } from './generated-docs.js'

/** What is written from the code says what the code says today. */
export async function checkDocs(root: string): Promise<Finding> {
  const pages = await generatedDocs(root)
  const old = pages.filter(({ path, text }) => textOf(join(root, path)) !== text)
  return {
    summary: `${pages.length} generated pages`,
    problems: old.map(({ path }) => `${path} is not current: node tooling/checks/dist/main.js --write`),
  }
}

/** Writes them anew. */
export async function writeDocs(root: string): Promise<void> {
  for (const { path, text } of await generatedDocs(root)) writeFileSync(join(root, path), text)
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
