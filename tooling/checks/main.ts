import type { Check } from './check.js'
import { checkFloors } from './check-floors.js'
import { checkPromises } from './check-promises.js'
import { checkPublishedExports } from './check-published-exports.js'
import { checkSizes } from './check-sizes.js'
import { checkToolWeight } from './check-tool-weight.js'
import { checkUnusedExports } from './check-unused-exports.js'
import { checkVersions } from './check-versions.js'
import { runCheck } from './run-check.js'

const checks: Record<string, Check> = {
  floors: checkFloors,
  versions: checkVersions,
  sizes: checkSizes,
  'published exports': checkPublishedExports,
  'unused exports': checkUnusedExports,
  'tool weight': checkToolWeight,
  promises: checkPromises,
}

for (const [name, check] of Object.entries(checks)) {
  const { ok, text } = await runCheck(name, check, process.cwd())
  process.stdout.write(text)
  if (!ok) process.exitCode = 1
}
