import { checkPackage, createPackageFromTarballData, type Problem } from '@arethetypeswrong/core'
import { execa } from 'execa'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { writePacked, type PackedPackages } from './packed.js'
import { publicPackages, type PublicPackage } from './packages.js'

/**
 * Packs all public packages into a folder, and checks that TypeScript finds the types of each packed package.
 * @throws if it does not
 */
export async function pack(into: string): Promise<void> {
  rmSync(into, { recursive: true, force: true })
  mkdirSync(into, { recursive: true })
  const packages = publicPackages()
  await packAll(packages, into)
  const packed: PackedPackages = []
  const wrong: string[] = []
  for (const { name, version } of packages) {
    const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz` // as pnpm names it
    wrong.push(...(await typeProblems(join(into, file))).map((problem) => `${name}: ${problem}`))
    packed.push({ name, version, file })
    console.log(`packed ${file}`)
  }
  if (wrong.length > 0) throw new Error(`TypeScript cannot use the types of a package:\n${wrong.join('\n')}`)
  writePacked(into, packed)
}

/** Packs with pnpm, which replaces `workspace:` and `catalog:` by versions, and starts once for all packages. */
async function packAll(packages: readonly PublicPackage[], into: string): Promise<void> {
  const filters = packages.map(({ name }) => `--filter=${name}`)
  const options = ['--config.ignore-scripts=true', '--pack-destination', resolve(into)]
  const pnpm = ['tooling/run.mjs', 'pnpm', '--recursive', ...filters, 'pack', ...options]
  await execa('node', pnpm, { stdout: 'ignore' })
}

/** Names what TypeScript would not find in a packed package. The packages are modules only, for newer kinds of resolution. */
async function typeProblems(tarball: string): Promise<string[]> {
  const result = await checkPackage(createPackageFromTarballData(readFileSync(tarball)))
  // The command has no types, because nobody imports it.
  if (result.types === false) return []
  return result.problems.filter(isOfModules).map((problem) => JSON.stringify(problem))
}

function isOfModules(problem: Problem): boolean {
  const resolution = 'resolutionKind' in problem ? problem.resolutionKind : undefined
  return resolution !== 'node10' && resolution !== 'node16-cjs'
}
