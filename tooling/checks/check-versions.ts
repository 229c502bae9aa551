import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from './check.js'
import { readWorkspace, type WorkspacePackage } from './workspace.js'

/** One version set: the workspace's own packages by name, others exact, in the catalog once two need them. */
export function checkVersions(root: string): Finding {
  const uses = readWorkspace(root).flatMap(usesOf)
  const catalog = readCatalog(root)
  return {
    summary: `${new Set(uses.map((use) => use.name)).size} dependencies, ${catalog.length} in the catalog`,
    problems: [
      ...[...uses, ...catalog].filter((use) => !pinned.test(use.version)).map(sayUnpinned),
      ...uses.filter((use) => isShared(use, uses) && !isPacked(use, catalog)).map(sayShared),
    ],
  }
}

type Use = { place: string; name: string; version: string }

const exact = /^\d+\.\d+\.\d+(-[\w.]+)?$/
const pinned = /^(workspace:\*|catalog:|\d+\.\d+\.\d+(-[\w.]+)?)$/

function usesOf({ folder, manifest }: WorkspacePackage): Use[] {
  const versions = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }
  const place = folder === '' ? 'package.json' : `${folder}/package.json`
  return Object.entries(versions).map(([name, version]) => ({ place, name, version }))
}

/** The catalog is the last key of pnpm-workspace.yaml and a flat list: no YAML parser is needed for it. */
function readCatalog(root: string): Use[] {
  const [, list = ''] = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8').split(/^catalog:\n/m)
  return [...list.matchAll(/^ {2}'?([^':]+)'?: (.+)$/gm)].map(([, name = '', version = '']) => ({
    place: 'pnpm-workspace.yaml',
    name,
    version,
  }))
}

function isShared({ name, place, version }: Use, uses: readonly Use[]): boolean {
  const isAlone = uses.filter((use) => use.name === name).length === 1
  return exact.test(version) && !isAlone && !apart.has(`${name} in ${place}`)
}

/** typescript-eslint's typed rules need the JavaScript API, which the native compiler does not have. */
const apart = new Set(['typescript in tooling/eslint-config/package.json'])

/** `npm pack` knows no catalog, so what users install repeats its version. */
function isPacked({ place, name, version }: Use, catalog: readonly Use[]): boolean {
  return place.startsWith('apps/') && catalog.some((use) => use.name === name && use.version === version)
}

function sayUnpinned({ place, name, version }: Use): string {
  return `${place}: pin ${name}, "${version}" is not one version`
}

function sayShared({ place, name }: Use): string {
  return `${place}: several packages need ${name}, put it in the catalog and say "catalog:"`
}
