import { rmSync } from 'node:fs'
import { basename } from 'node:path'
import { inCheckout, pinnedPnpm, pnpmBinary } from './checkout.mjs'
import { npmCache, withoutToolVariables } from './environment.mjs'
import { runStep } from './step.mjs'

/** Installs the pinned pnpm into `.tools/pnpm` with npm, unless it is there. Writes only in the checkout. Resolves to the exit code. */
export async function fetchPnpm() {
  if (pnpmBinary() !== undefined) return 0
  const code = await runStep(`fetch pnpm ${pinnedPnpm()}`, {
    ...npm(),
    environment: withoutToolVariables(process.env),
  })
  rmSync(npmCache, { recursive: true, force: true })
  return code
}

function npm() {
  const args = ['install', `pnpm@${pinnedPnpm()}`, '--prefix', inCheckout('.tools/pnpm'), ...flags]
  const cli = process.env['npm_execpath'] ?? ''
  if (basename(cli) === 'npm-cli.js') return { command: process.execPath, args: [cli, ...args] }
  return { command: 'npm', args, shell: process.platform === 'win32' }
}

/** Options of `npm install` that a user's npmrc could change otherwise. `--include=optional` is needed because pnpm's binary is optional. */
const flags = [
  '--global=false',
  '--include=prod',
  '--include=optional',
  '--ignore-scripts',
  '--no-save',
  '--package-lock=false',
  '--no-audit',
  '--no-fund',
]
