import type { Check } from './check.js'
import { checkDocs, writeGeneratedDocs } from './check-docs.js'
import { checkLayers } from './check-layers.js'
import { checkManifests } from './check-manifests.js'
import { checkPages } from './check-pages.js'
import { checkPromises } from './check-promises.js'
import { checkPublishedExports } from './check-published-exports.js'
import { checkLaunchRatchets, checkSourceRatchets, lowerRatchets } from './check-ratchets.js'
import { checkSizes } from './check-sizes.js'
import { checkToolWeight } from './check-tool-weight.js'
import { checkUnusedExports } from './check-unused-exports.js'
import { checkVersions } from './check-versions.js'
import { runCheck } from './run-check.js'

/** The checks of the repository, which run in parallel. Those that wait for another process come first. */
const checks: Record<string, Check> = {
  'unused exports': checkUnusedExports,
  'launch path': checkLaunchRatchets,
  'published exports': checkPublishedExports,
  'tool weight': checkToolWeight,
  docs: checkDocs,
  pages: checkPages,
  layers: checkLayers,
  versions: checkVersions,
  manifests: checkManifests,
  sizes: checkSizes,
  sources: checkSourceRatchets,
  promises: checkPromises,
}

const root = process.cwd()
const write = process.argv.includes('--write')
const writeDocs = process.argv.includes('--write-docs')

if (write || writeDocs) await writeGeneratedDocs(root)
if (write) await lowerRatchets(root)

const results = Object.entries(writeDocs ? {} : checks).map(([name, check]) => runCheck(name, check, root))
for (const result of results) {
  const { ok, text } = await result
  process.stdout.write(text)
  if (!ok) process.exitCode = 1
}
