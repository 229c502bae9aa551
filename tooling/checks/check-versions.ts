import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CheckResult } from './check.js'
import { readWorkspace, type WorkspacePackage } from './workspace.js'

/**
 * Checks that the workspace has one version of each dependency: its own packages as `workspace:*`, others as an exact
 * version, which stands in the catalog of pnpm-workspace.yaml once two packages need it.
 */
export function checkVersions(root: string): CheckResult {
  const uses = readWorkspace(root).flatMap(usesOf)
  const catalog = readCatalog(root)
  return {
    summary: `${new Set(uses.map((use) => use.name)).size} dependencies, ${catalog.length} in the catalog`,
    problems: [
      ...[...uses, ...catalog].filter((use) => !pinned.test(use.version)).map(unpinned),
      ...uses.filter((use) => isShared(use, uses) && !isPacked(use, catalog)).map(notInCatalog),
    ],
  }
}

type Use = { place: string; name: string; version: string }

const exact = /^\d+\.\d+\.\d+(-[\w.]+)?$/
/** `npm:name@version` is an exact version under another name, for a second one beside that of the catalog. */
const pinned = /^(workspace:\*|catalog:|(npm:[^ ]+@)?\d+\.\d+\.\d+(-[\w.]+)?)$/

function usesOf({ folder, manifest }: WorkspacePackage): Use[] {
  const versions = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }
  const place = folder === '' ? 'package.json' : `${folder}/package.json`
  return Object.entries(versions).map(([name, version]) => ({ place, name, version }))
}

/** Reads the catalog without a YAML parser: it is a flat list under the last key of pnpm-workspace.yaml. */
function readCatalog(root: string): Use[] {
  const [, list = ''] = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8').split(/^catalog:\n/m)
  return [...list.matchAll(/^ {2}'?([^':]+)'?: (.+)$/gm)].map(([, name = '', version = '']) => ({
    place: 'pnpm-workspace.yaml',
    name,
    version,
  }))
}

function isShared({ name, version }: Use, uses: readonly Use[]): boolean {
  const isAlone = uses.filter((use) => use.name === name).length === 1
  return exact.test(version) && !isAlone
}

/** Whether an app repeats a version of the catalog: it must, because `npm pack` does not resolve `catalog:`. */
function isPacked({ place, name, version }: Use, catalog: readonly Use[]): boolean {
  return place.startsWith('apps/') && catalog.some((use) => use.name === name && use.version === version)
}

function unpinned({ place, name, version }: Use): string {
  return `${place}: pin ${name}, "${version}" is not one version`
}

function notInCatalog({ place, name }: Use): string {
  return `${place}: several packages need ${name}, put it in the catalog and say "catalog:"`
}
