import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the checkout. */
export const checkout = fileURLToPath(new URL('../../..', import.meta.url))

/** The folder of this package, which VitePress takes as its root. */
export const site = join(checkout, 'tooling/site')

export const repository = 'https://github.com/subagent-mcp/subagent-mcp'

/** A path below the folder of everything that is generated for the site. */
export function generated(...parts: readonly string[]): string {
  return join(checkout, '.tools/site', ...parts)
}
