import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { exportedNames, type ExportedName } from './declarations.js'
import { checkout } from './places.js'

const Manifest = z.looseObject({
  name: z.string(),
  description: z.string(),
  private: z.boolean().default(false),
  exports: z.record(z.string(), z.union([z.string(), z.looseObject({ types: z.string() })])).default({}),
})

export type PackagePage = { folder: string; name: string; description: string; text: string }

/** Returns a page for each public package: its README, and all that it exports, from its built declarations. */
export function packagePages(): PackagePage[] {
  const folders = readdirSync(join(checkout, 'packages')).map((name) => `packages/${name}`)
  return folders.sort().flatMap((folder) => {
    if (!existsSync(join(checkout, folder, 'package.json'))) return []
    const {
      name,
      description,
      exports,
      private: isPrivate,
    } = Manifest.parse(readJson(`${folder}/package.json`))
    if (isPrivate) return []
    const entries = Object.entries(exports).flatMap(([path, target]) =>
      typeof target === 'string' ? [] : [{ path, types: join(checkout, folder, target.types) }],
    )
    const sections = entries.map(({ path, types }) => describeEntry(join(name, path), exportedNames(types)))
    const readme = readFileSync(join(checkout, folder, 'README.md'), 'utf8').trim()
    return [{ folder, name, description, text: [readme, ...sections, ''].join('\n\n') }]
  })
}

/** The list of all packages. */
export function packagesIndex(pages: readonly PackagePage[]): string {
  return [
    '# Packages',
    '',
    'subagent-mcp is made of packages that also work alone. Each page has the README of a package, an example that is run from the packed',
    'package in CI, and all that it exports.',
    '',
    '| package | what it is |',
    '|---|---|',
    ...pages.map(
      ({ folder, name, description }) =>
        `| [\`${name}\`](${folder.slice('packages/'.length)}.md) | ${description} |`,
    ),
    '',
  ].join('\n')
}

function describeEntry(entry: string, names: readonly ExportedName[]): string {
  const sorted = names.toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
  return [`## Exports of \`${entry}\``, ...sorted.map(describeName)].join('\n\n')
}

function describeName(exported: ExportedName): string {
  const title = `### \`${exported.name}\``
  if ('from' in exported) return `${title}\n\nRe-exported from \`${exported.from}\`.`
  const code = ['```ts', short(exported.declaration), '```'].join('\n')
  return [title, ...(exported.comment === '' ? [] : [asText(exported.comment)]), code].join('\n\n')
}

/** A declaration without the bodies of long schemas, which the types of the same name show better. */
function short(declaration: string): string {
  const text = declaration.replaceAll(/^export (declare )?/gm, '')
  if (text.length <= 1500) return text
  return `${text.slice(0, 1500).replace(/\n[^\n]*$/, '')}\n  // … the rest is in the declarations of the package`
}

/** A doc comment as Markdown. `<` would begin a tag there, and its tags begin a line of their own. */
function asText(comment: string): string {
  const escaped = comment.split('`').map((part, at) => (at % 2 === 1 ? part : part.replaceAll('<', '&lt;')))
  return escaped
    .join('`')
    .replaceAll(/\{@link (\w+)\}/g, '`$1`')
    .replaceAll(/\s*@(\w+)/g, '\n\n**@$1**')
    .trim()
}

function readJson(path: string): unknown {
  const document: unknown = JSON.parse(readFileSync(join(checkout, path), 'utf8'))
  return document
}
