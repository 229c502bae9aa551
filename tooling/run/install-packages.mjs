import { mkdirSync, writeFileSync } from 'node:fs'
import { inCheckout, pnpmBinary } from './checkout.mjs'
import { toolEnvironment } from './environment.mjs'
import { installStamp, readInstallStamp } from './install-stamp.mjs'
import { runStep } from './step.mjs'

/** Installs the packages of the lockfile, unless it and every package.json are unchanged since the last install. Resolves to the exit code. */
export async function installPackages() {
  const stampFile = inCheckout('node_modules/.installed')
  const stamp = installStamp(inCheckout())
  if (readInstallStamp(stampFile) === stamp) return 0

  mkdirSync(inCheckout('.tools/tmp'), { recursive: true })
  const code = await runStep('install packages', {
    command: pnpmBinary() ?? 'pnpm',
    args: ['install', '--frozen-lockfile'],
    environment: { ...toolEnvironment(), CI: 'true' }, // pnpm asks no questions
  })
  if (code === 0) writeFileSync(stampFile, stamp)
  return code
}
