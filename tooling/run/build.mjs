import { inCheckout } from './checkout.mjs'
import { toolEnvironment } from './environment.mjs'
import { runStep } from './step.mjs'

/**
 * Builds every package that changed since its last build, which checks the types too. With names, builds only these
 * packages and their dependencies. Resolves to the exit code.
 * @param {readonly string[]} names
 */
export async function buildPackages(names = []) {
  const filters = names.map((name) => `--filter=${name}`)
  return await runStep('build', {
    command: process.execPath,
    args: [
      inCheckout('node_modules/turbo/bin/turbo'),
      'run',
      'build',
      '--output-logs=errors-only',
      ...filters,
    ],
    environment: toolEnvironment(),
  })
}
