import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A line of the index: a page or folder of `docs/`, by its path from there. */
export type IndexedPage = { title: string; path: string; summary: string }

export type IndexGroup = { title: string; pages: readonly IndexedPage[] }

/**
 * Reads `docs/README.md`, the index of the docs: a heading for each group, and a line `- [title](path): summary` for each page. The
 * sidebar of the site and `llms.txt` are made from it.
 */
export function readDocsIndex(root: string): IndexGroup[] {
  const [, ...sections] = readFileSync(join(root, 'docs/README.md'), 'utf8').split(/^## /m)
  return sections.map((section) => ({
    title: section.slice(0, section.indexOf('\n')).trim(),
    pages: [...section.matchAll(/^- \[(.+?)\]\((.+?)\): (.+?)$/gm)].map(
      ([, title = '', path = '', summary = '']) => ({ title, path, summary }),
    ),
  }))
}
