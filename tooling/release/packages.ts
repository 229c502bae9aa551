import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  private: z.boolean().default(false),
  dependencies: z.record(z.string(), z.string()).default({}),
})

/** A package that a release publishes. `needs` are the names of its dependencies. */
export type PublicPackage = { folder: string; name: string; version: string; needs: readonly string[] }

/** The public packages of the checkout, each after those that it depends on. */
export function publicPackages(): PublicPackage[] {
  const all = ['packages', 'apps'].flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))
  const found = all.flatMap((folder) => {
    const { private: isPrivate, dependencies, ...manifest } = readManifest(folder)
    return isPrivate ? [] : [{ folder, ...manifest, needs: Object.keys(dependencies) }]
  })
  return inOrder(found)
}

/** The package of the command, which a release and its bundle are named after. */
export function commandPackage(): PublicPackage {
  const found = publicPackages().find(({ name }) => name === 'subagent-mcp')
  if (found === undefined) throw new Error('there is no package subagent-mcp in apps or packages')
  return found
}

function inOrder(packages: readonly PublicPackage[]): PublicPackage[] {
  const sorted = new Set<PublicPackage>()
  const add = (one: PublicPackage): void => {
    for (const other of packages) if (one.needs.includes(other.name) && !sorted.has(other)) add(other)
    sorted.add(one)
  }
  packages.forEach(add)
  return [...sorted]
}

function readManifest(folder: string) {
  return Manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
}
