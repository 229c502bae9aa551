import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { installedHow } from './installed-how.js'

/**
 * Whether this version of the package is known to have come from a registry, so that `npx subagent-mcp@<version>` starts
 * it elsewhere too. Nothing is asked over the network: what the package manager wrote beside the package says it. When in
 * doubt it is not, because whoever registers a name that nobody has would have their program started.
 */
export function isFromRegistry({ script, version }: { script: string; version: string }): boolean {
  // The version of the source: it is set by a release and never published.
  if (version === '0.0.0') return false
  if (installedHow({ called: script, real: script }).type === 'checkout') return false
  return isInPnpmStore(script, version) || isResolvedByNpm(script, version)
}

/** pnpm names a package from a registry by its version alone; from elsewhere the name says where. */
function isInPnpmStore(script: string, version: string): boolean {
  const folder = /[\\/]\.pnpm[\\/]subagent-mcp@([^\\/]+)[\\/]node_modules[\\/]subagent-mcp[\\/]/.exec(script)
  return folder?.[1] === version
}

/** npm keeps a list beside the packages of a folder, also in the cache of npx, with the address of each. */
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
