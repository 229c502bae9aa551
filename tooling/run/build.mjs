import { inCheckout } from './checkout.mjs'
import { toolEnvironment } from './environment.mjs'
import { step } from './step.mjs'

/** Builds every package that changed since its last build; this is also the type check. */
export async function build() {
  return await step('build', {
    command: process.execPath,
    args: [inCheckout('node_modules/turbo/bin/turbo'), 'run', 'build', '--output-logs=errors-only'],
    environment: toolEnvironment(),
  })
}
