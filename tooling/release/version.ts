import { execa } from 'execa'
import { readFileSync } from 'node:fs'
import { commandPackage } from './packages.js'

/** Turns the changesets into versions and changelogs, and writes the new version into all generated files. */
export async function version(): Promise<void> {
  const node = execa({ node: true, stdio: 'inherit' })
  await node('node_modules/@changesets/cli/bin.js', ['version'])
  await node('tooling/checks/dist/main.js', ['--write-docs'])
  await node('node_modules/oxfmt/bin/oxfmt', ['--write', '.'])
}

/** Prints what the changelog of the command says of the current version, for the release on GitHub. */
export function notes(): Promise<void> {
  const app = commandPackage()
  const text = readFileSync(`${app.folder}/CHANGELOG.md`, 'utf8')
  const [, section] = text.split(`\n## ${app.version}\n`)
  if (section === undefined) throw new Error(`${app.folder}/CHANGELOG.md has no section ${app.version}`)
  const [own = ''] = section.split('\n## ')
  process.stdout.write(`${own.trim()}\n`)
  return Promise.resolve()
}
