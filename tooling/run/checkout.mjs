import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout's folder, absolute. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/**
 * A path inside the checkout, absolute.
 * @param {string[]} parts
 */
export function inCheckout(...parts) {
  return join(root, ...parts)
}

/** The pnpm version that the root's `packageManager` pins. */
export function pinnedPnpm() {
  return /"packageManager": "pnpm@([^"+]+)/.exec(readFileSync(inCheckout('package.json'), 'utf8'))?.[1] ?? ''
}

/**
 * pnpm's native binary, once it is fetched. npm keeps only the one made for this machine; running it
 * directly spares a Node start, and turbo cannot run the placeholder that takes its place otherwise.
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
