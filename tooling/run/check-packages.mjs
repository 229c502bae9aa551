import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { buildPackages } from './build.mjs'
import { inCheckout } from './checkout.mjs'
import { testAll } from './test-all.mjs'

/**
 * `npm run check -- core mailbox`: builds, lints and tests these packages only, and checks their format. A package is
 * named by its folder.
 * @param {readonly string[]} names
 * @returns {Promise<number>} The exit code.
 */
export async function checkPackages(names) {
  const packages = readPackages()
  const unknown = names.filter((name) => !packages.has(name))
  if (unknown.length > 0) {
    process.stderr.write(
      `no package is named ${unknown.join(', ')}; use one of ${[...packages.keys()].join(', ')}\n`,
    )
    return 2
  }
  const chosen = names.flatMap((name) => packages.get(name) ?? [])
  const built = await buildPackages([...chosen.map(({ packageName }) => packageName), ...testTools])
  if (built !== 0) return built
  return await testAll({
    paths: chosen.map(({ folder }) => folder),
    vitest: chosen.map(({ folder }) => `${folder}/`),
    command: `npm run check -- ${names.join(' ')}`,
    checks: false,
  })
}

/** The packages that the tests of every package need. */
const testTools = ['@subagent-mcp/testkit']

/** @returns {Map<string, { folder: string, packageName: string }>} The packages by the name of their folder. */
function readPackages() {
  const folders = ['packages', 'apps', 'tooling'].flatMap((parent) =>
    readdirSync(inCheckout(parent)).map((name) => `${parent}/${name}`),
  )
  const manifests = [...folders, 'e2e'].filter((folder) => existsSync(inCheckout(folder, 'package.json')))
  return new Map(
    manifests.map((folder) => [folder.split('/').at(-1) ?? '', { folder, packageName: nameIn(folder) }]),
  )
}

/** @param {string} folder */
function nameIn(folder) {
  /** @type {{ name: string }} */
  const { name } = JSON.parse(readFileSync(inCheckout(folder, 'package.json'), 'utf8'))
  return name
}
