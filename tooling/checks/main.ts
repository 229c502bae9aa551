import type { Check } from './check.js'
import { checkDocs, writeDocs } from './check-docs.js'
import { checkLayers } from './check-layers.js'
import { checkManifests } from './check-manifests.js'
import { checkPromises } from './check-promises.js'
import { checkPublishedExports } from './check-published-exports.js'
import { checkLaunchRatchets, checkSourceRatchets, lowerRatchets } from './check-ratchets.js'
import { checkSizes } from './check-sizes.js'
import { checkToolWeight } from './check-tool-weight.js'
import { checkUnusedExports } from './check-unused-exports.js'
import { checkVersions } from './check-versions.js'
import { runCheck } from './run-check.js'

const checks: Record<string, Check> = {
  layers: checkLayers,
  versions: checkVersions,
  manifests: checkManifests,
  sizes: checkSizes,
  sources: checkSourceRatchets,
  'launch path': checkLaunchRatchets,
  'published exports': checkPublishedExports,
  'unused exports': checkUnusedExports,
  'tool weight': checkToolWeight,
  promises: checkPromises,
  docs: checkDocs,
}

// What is written from the code is written before it is checked.
if (process.argv.includes('--write')) {
  await writeDocs(process.cwd())
  await lowerRatchets(process.cwd())
}

for (const [name, check] of Object.entries(checks)) {
  const { ok, text } = await runCheck(name, check, process.cwd())
  process.stdout.write(text)
  if (!ok) process.exitCode = 1
}
