import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkout } from './places.js'

/** Returns the changelog of the command, with what the next release will have: the changesets in their alphabetical order. */
export function changelogPage(): string {
  const path = join(checkout, 'apps/cli/CHANGELOG.md')
  const released = existsSync(path) ? readFileSync(path, 'utf8').replace(/^# .*\n/, '') : ''
  const folder = join(checkout, '.changeset')
  const pending = readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .sort()
    .map((name) =>
      readFileSync(join(folder, name), 'utf8')
        .replace(/^---\n[^]*?\n---\n/, '')
        .trim(),
    )
  const next = pending.length === 0 ? [] : ['## The next release', ...pending]
  return ['# Changelog', ...next, released.trim(), ''].join('\n\n')
}
