import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The absolute path of the checkout. */
export const checkoutRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/**
 * Returns the absolute path of a file or folder in the checkout.
 * @param {string[]} parts
 */
export function inCheckout(...parts) {
  return join(checkoutRoot, ...parts)
}

/** The pnpm version that the root's `packageManager` pins. */
export function pinnedPnpm() {
  return /"packageManager": "pnpm@([^"+]+)/.exec(readFileSync(inCheckout('package.json'), 'utf8'))?.[1] ?? ''
}

/**
 * The path of pnpm's native binary in `.tools`, or undefined when the pinned version is not there. It is run directly
 * because that saves a start of Node, and because turbo cannot run pnpm's JavaScript launcher.
 * @returns {string | undefined}
 */
export function pnpmBinary() {
  const folder = inCheckout('.tools/pnpm/node_modules/@pnpm')
  for (const name of entries(folder).filter((entry) => entry.startsWith('exe.'))) {
    const fetched = /"version": "([^"]+)/.exec(readFileSync(join(folder, name, 'package.json'), 'utf8'))?.[1]
    const binary = entries(join(folder, name)).find((entry) => /^pnpm(\.exe)?$/.test(entry))
    if (binary !== undefined && fetched === pinnedPnpm()) return join(folder, name, binary)
  }
  return undefined
}

/** @param {string} folder */
function entries(folder) {
  try {
    return readdirSync(folder)
  } catch {
    return [] // not fetched yet
  }
}
