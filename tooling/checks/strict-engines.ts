import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import semver from 'semver'
import { parse } from 'yaml'
import { z } from 'zod'

const Versions = z.record(z.string(), z.string()).default({})
const Importer = z.looseObject({
  dependencies: z.record(z.string(), z.looseObject({ version: z.string() })).default({}),
})
const Lockfile = z.looseObject({
  importers: z.record(z.string(), Importer),
  packages: z.record(
    z.string(),
    z.looseObject({ engines: z.looseObject({ node: z.string().default('*') }).default({ node: '*' }) }),
  ),
  snapshots: z.record(z.string(), z.looseObject({ dependencies: Versions })),
})
type Lockfile = z.infer<typeof Lockfile>

/** The oldest Node that the packages promise to run on. */
const oldestNode = '20.19.0'

let read: { root: string; lockfile: Lockfile } | undefined

/** The dependencies of a package that `npm install --engine-strict` would refuse on the oldest Node, by the lockfile. */
export function unsupportedEngines(root: string, folder: string): string[] {
  if (read?.root !== root) read = { root, lockfile: readLockfile(root) }
  const { lockfile } = read
  return [...installed(lockfile, folder)].flatMap((name) => {
    const range = lockfile.packages[withoutPeers(name)]?.engines.node ?? '*'
    return semver.satisfies(oldestNode, range)
      ? []
      : [`${folder}: ${name} needs Node ${range}, not ${oldestNode}`]
  })
}

function readLockfile(root: string): Lockfile {
  return Lockfile.parse(parse(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')))
}

/** The packages that are installed together with the one in `folder`, as `name@version` keys of the lockfile. */
function installed(lockfile: Lockfile, folder: string): Set<string> {
  const found = new Set<string>()
  const visit = (name: string) => {
    if (found.has(name)) return
    found.add(name)
    for (const [dependency, version] of Object.entries(lockfile.snapshots[name]?.dependencies ?? {}))
      visit(`${dependency}@${version}`)
  }
  for (const [dependency, { version }] of Object.entries(lockfile.importers[folder]?.dependencies ?? {})) {
    if (!version.startsWith('link:')) visit(`${dependency}@${version}`)
    else for (const name of installed(lockfile, posix.join(folder, version.slice(5)))) found.add(name)
  }
  return found
}

/** Removes the versions of peer dependencies, which the lockfile adds in parentheses. */
function withoutPeers(name: string): string {
  return name.replace(/\(.*$/, '')
}
