import { bundle } from './bundle.js'
import { publish } from './publish.js'
import { notes, version } from './version.js'

const folder = '.tools/release'

/** The steps of a release, in their order. Each works in the checkout that is the working directory. */
const steps: Readonly<Record<string, (into: string) => Promise<void>>> = {
  version,
  notes,
  // Loads TypeScript, which takes half a second.
  pack: async (into) => (await import('./pack.js')).pack(into),
  publish,
  bundle,
}

const [name = '', into = folder] = process.argv.slice(2)
const step = steps[name]
if (step === undefined) {
  console.error(`npm run release -- <step> [folder, by default ${folder}]: ${Object.keys(steps).join(', ')}`)
  process.exitCode = 2
} else {
  try {
    await step(into)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
