import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { installedHow } from './installed-how.js'

/**
 * Whether the package is known to have come from a registry, so that `npx subagent-mcp@<version>` starts it on other
 * machines. The evidence is what the package manager wrote beside the package; the network is not used. In doubt the answer
 * is no, because somebody else may register an unused name.
 */
export function isFromRegistry({ script, version }: { script: string; version: string }): boolean {
  // The version of the source, which is never published.
  if (version === '0.0.0') return false
  if (installedHow({ called: script, real: script }).type === 'checkout') return false
  return isInPnpmStore(script, version) || isResolvedByNpm(script, version)
}

/** pnpm names the folder of a package from a registry by its version alone, and others by their source. */
function isInPnpmStore(script: string, version: string): boolean {
  const folder = /[\\/]\.pnpm[\\/]subagent-mcp@([^\\/]+)[\\/]node_modules[\\/]subagent-mcp[\\/]/.exec(script)
  return folder?.[1] === version
}

/** npm keeps a list with the address of each package beside the packages of a folder, also in the cache of npx. */
function isResolvedByNpm(script: string, version: string): boolean {
  const modules = /^(.*[\\/]node_modules)[\\/]subagent-mcp[\\/]bin[\\/][^\\/]+$/.exec(script)?.[1]
  if (modules === undefined) return false
  const found = listOf(join(modules, '.package-lock.json'))?.packages['node_modules/subagent-mcp']
  const isTarball = found?.resolved?.endsWith(`/subagent-mcp/-/subagent-mcp-${version}.tgz`) ?? false
  return found?.version === version && isTarball && /^https?:/.test(found.resolved ?? '')
}

const PackageList = z.looseObject({
  packages: z.record(
    z.string(),
    z.looseObject({ version: z.string().optional(), resolved: z.string().optional() }),
  ),
})

function listOf(path: string): z.infer<typeof PackageList> | undefined {
  try {
    return PackageList.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data
  } catch {
    return undefined // No npm installed it, or the list is not one: then there is no evidence.
  }
}
