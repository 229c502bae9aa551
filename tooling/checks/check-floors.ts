import type { Finding } from './check.js'
import { floors, groundDependencies, outside, strangers, testkit, toolingFolder } from './floors.js'
import { readWorkspace, type WorkspacePackage } from './workspace.js'

/** Imports go down only: every package.json against the floors. */
export function checkFloors(root: string): Finding {
  const packages = readWorkspace(root)
  const tooling = packages.filter(isTooling).map(nameOf)
  const house = packages.filter((one) => !isTooling(one) && !outside.includes(nameOf(one)))
  return {
    summary: `${house.length} packages on ${floors.length} floors`,
    problems: house.flatMap((one) => [
      ...homeless(one),
      ...dependenciesOf(one)
        .filter(({ name }) => isOurs(name))
        .flatMap((dependency) => refuse(nameOf(one), dependency, tooling))
        .map((reason) => `${one.folder}/package.json: ${reason}`),
      ...groundProblems(one),
    ]),
  }
}

function homeless({ folder, manifest }: WorkspacePackage): string[] {
  if (manifest.name === testkit.name || floorOf(manifest.name) >= 0) return []
  return [`${folder}: ${manifest.name} has no floor, give it one in tooling/checks/floors.ts`]
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
  if (tooling.includes(name)) return development ? [] : [`${name} is tooling, it belongs in devDependencies`]
  if (outside.includes(name)) return [`nothing in the house sees ${name}`]
  if (from === testkit.name) return testkit.sees.includes(name) ? [] : [`testkit must not see ${name}`]
  if (name === testkit.name) return refuseTestkit(from, development)
  if (strangers[from]?.includes(name)) return [`${from} must not know ${name}`]
  if (floorOf(name) < floorOf(from)) return []
  return [`${name} (floor ${floorOf(name)}) is not below ${from} (floor ${floorOf(from)})`]
}

function refuseTestkit(from: string, development: boolean): string[] {
  if (!development) return [`${testkit.name} is for development only`]
  return testkit.sees.includes(from) ? [`${testkit.name} sees ${from}, so it cannot be seen from there`] : []
}

function groundProblems(one: WorkspacePackage): string[] {
  if (floorOf(nameOf(one)) !== 0) return []
  return Object.keys(one.manifest.dependencies)
    .filter((name) => !isOurs(name) && !groundDependencies.includes(name))
    .map(
      (name) =>
        `${one.folder}/package.json: the ground floor takes only ${groundDependencies.join(', ')}, not ${name}`,
    )
}

function isOurs(name: string): boolean {
  return name === 'subagent-mcp' || name.startsWith('@subagent-mcp/')
}

function floorOf(name: string): number {
  return floors.findIndex((floor) => floor.includes(name))
}

function isTooling({ folder }: WorkspacePackage): boolean {
  return folder.startsWith(toolingFolder)
}

function nameOf({ manifest }: WorkspacePackage): string {
  return manifest.name
}
