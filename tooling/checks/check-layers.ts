import type { CheckResult } from './check.js'
import {
  forbiddenDependencies,
  layers,
  lowestLayerDependencies,
  packagesOutsideLayers,
  testkit,
  toolingFolder,
} from './layers.js'
import { readWorkspace, type WorkspacePackage } from './workspace.js'

/** Checks the dependencies of every package.json against the layer table, and that the table names no missing package. */
export function checkLayers(root: string): CheckResult {
  const packages = readWorkspace(root)
  const tooling = packages.filter(isTooling).map(nameOf)
  const layered = packages.filter((one) => !isTooling(one) && !packagesOutsideLayers.includes(nameOf(one)))
  return {
    summary: `${layered.length} packages in ${layers.length} layers`,
    problems: [
      ...namesWithoutPackage(packages.map(nameOf)),
      ...layered.flatMap((one) => [
        ...withoutLayer(one),
        ...dependenciesOf(one)
          .filter(({ name }) => isOurs(name))
          .flatMap((dependency) => refuse(nameOf(one), dependency, tooling))
          .map((reason) => `${one.folder}/package.json: ${reason}`),
        ...foreignInLowest(one),
      ]),
    ],
  }
}

function namesWithoutPackage(packages: readonly string[]): string[] {
  return layers
    .flat()
    .filter((name) => !packages.includes(name))
    .map(
      (name) =>
        `tooling/checks/layers.ts: ${name} is no package of this repository; remove it from the table`,
    )
}

function withoutLayer({ folder, manifest }: WorkspacePackage): string[] {
  if (manifest.name === testkit.name || layerOf(manifest.name) >= 0) return []
  return [`${folder}: ${manifest.name} has no layer; add it to tooling/checks/layers.ts`]
}

type Dependency = { name: string; development: boolean }

function dependenciesOf({ manifest }: WorkspacePackage): Dependency[] {
  const shipped = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies }
  return [
    ...Object.keys(shipped).map((name) => ({ name, development: false })),
    ...Object.keys(manifest.devDependencies).map((name) => ({ name, development: true })),
  ]
}

function refuse(from: string, { name, development }: Dependency, tooling: readonly string[]): string[] {
  if (tooling.includes(name)) return development ? [] : [`${name} is tooling; move it to devDependencies`]
  if (packagesOutsideLayers.includes(name)) return [`no package may depend on ${name}`]
  if (from === testkit.name) return testkit.sees.includes(name) ? [] : [`testkit must not depend on ${name}`]
  if (name === testkit.name) return refuseTestkit(from, development)
  if (forbiddenDependencies[from]?.includes(name)) return [`${from} must not depend on ${name}`]
  if (layerOf(name) < layerOf(from)) return []
  return [
    `${name} (layer ${layerOf(name)}) is not below ${from} (layer ${layerOf(from)}); depend on lower layers only`,
  ]
}

function refuseTestkit(from: string, development: boolean): string[] {
  if (!development) return [`${testkit.name} is for development only; move it to devDependencies`]
  return testkit.sees.includes(from)
    ? [`${testkit.name} depends on ${from}, so ${from} cannot depend on it`]
    : []
}

function foreignInLowest(one: WorkspacePackage): string[] {
  if (layerOf(nameOf(one)) !== 0) return []
  return Object.keys(one.manifest.dependencies)
    .filter((name) => !isOurs(name) && !lowestLayerDependencies.includes(name))
    .map(
      (name) =>
        `${one.folder}/package.json: the lowest layer may depend on ${lowestLayerDependencies.join(', ')}, not on ${name}`,
    )
}

function isOurs(name: string): boolean {
  return name === 'subagent-mcp' || name.startsWith('@subagent-mcp/')
}

function layerOf(name: string): number {
  return layers.findIndex((layer) => layer.includes(name))
}

function isTooling({ folder }: WorkspacePackage): boolean {
  return folder.startsWith(toolingFolder)
}

function nameOf({ manifest }: WorkspacePackage): string {
  return manifest.name
}
