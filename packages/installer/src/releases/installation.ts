import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** How this program was installed, which decides how it is updated. */
export type Installation =
  /** `prefix` is the folder of npm's global packages. */
  | { type: 'npm'; prefix: string; script: string }
  /** `home` is PNPM_HOME, the folder of its programs; the path of the script changes with each version. */
  | { type: 'pnpm'; home: string }
  | { type: 'yarn' | 'bun'; script: string }
  /** Fetched for a single run, by npx or a similar command. */
  | { type: 'npx' }
  | { type: 'checkout'; root: string }
  /** An installation that must not be changed: a project's own dependency, or a package of the system. */
  | { type: 'other'; folder: string }

/**
 * Finds out how a script was installed, by the path by which it was called and the one behind all links. Both count: npm links
 * a checkout, pnpm links into its store.
 */
export function findProgramInstallation({ called, real }: { called: string; real: string }): Installation {
  const paths = [real, called].map((path) => path.replaceAll('\\', '/'))
  const found = installers.flatMap((find) => paths.map(find)).find((each) => each !== undefined)
  return found ?? { type: 'other', folder: real.replace(/[\\/]bin[\\/][^\\/]+$/, '') }
}

/** Whether a script is in a place that may vanish, such as the cache of npx or a project's dependencies. */
export function isTemporaryScriptPlace(script: string): boolean {
  const { type } = findProgramInstallation({ called: script, real: script })
  return type === 'npx' || (type === 'other' && /[\\/]node_modules[\\/]/.test(script))
}

/**
 * Whether the package is known to have come from a registry, so that `npx subagent-mcp@<version>` starts it on other
 * machines. The evidence is what the package manager wrote beside the package; the network is not used. In doubt the answer
 * is no, because somebody else may register an unused name.
 */
export function isInstalledFromRegistry({ script, version }: { script: string; version: string }): boolean {
  // The version of the source, which is never published.
  if (version === '0.0.0') return false
  if (findProgramInstallation({ called: script, real: script }).type === 'checkout') return false
  return isInPnpmStore(script, version) || isResolvedByNpm(script, version)
}

/** The functions that recognize an installation by its script. Those that also match the paths of another one come last. */
const installers: readonly ((script: string) => Installation | undefined)[] = [
  findCheckout,
  (script) => (isCached(script) ? { type: 'npx' } : undefined),
  (script) => {
    const home = partBefore(script, /\/global\/v?\d+\/(.*\/)?node_modules\/subagent-mcp\//)
    return home === undefined ? undefined : { type: 'pnpm', home }
  },
  (script) =>
    /\/yarn\/(data\/)?global\/node_modules\//i.test(script) ? { type: 'yarn', script } : undefined,
  (script) => (/\/install\/global\/node_modules\//.test(script) ? { type: 'bun', script } : undefined),
  findNpm,
]

function findCheckout(script: string): Installation | undefined {
  const root = partBefore(script, /\/apps\/cli\/bin\/[^/]+$/)
  return root !== undefined && existsSync(`${root}/.git`) ? { type: 'checkout', root } : undefined
}

/** Finds an installation by npm. A global package has its program beside it, a project's dependency has not. */
function findNpm(script: string): Installation | undefined {
  const unix = partBefore(script, /\/lib\/node_modules\/subagent-mcp\//)
  if (unix !== undefined && existsSync(`${unix}/bin/subagent-mcp`))
    return { type: 'npm', prefix: unix, script }
  const windows = partBefore(script, /\/node_modules\/subagent-mcp\//)
  if (windows !== undefined && existsSync(`${windows}/subagent-mcp.cmd`))
    return { type: 'npm', prefix: windows, script }
  return undefined
}

function partBefore(path: string, pattern: RegExp): string | undefined {
  const found = pattern.exec(path)
  return found ? path.slice(0, found.index) : undefined
}

/** Whether a script is in a cache: npm's `_npx`, pnpm's `dlx` and bun's `bunx-0-name@version`. */
function isCached(script: string): boolean {
  return /[\\/](_npx|dlx(-[^\\/]+)?|bunx-[^\\/]+)[\\/]/.test(script)
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
  const found = readPackageList(join(modules, '.package-lock.json'))?.packages['node_modules/subagent-mcp']
  const isTarball = found?.resolved?.endsWith(`/subagent-mcp/-/subagent-mcp-${version}.tgz`) ?? false
  return found?.version === version && isTarball && /^https?:/.test(found.resolved ?? '')
}

const PackageList = z.looseObject({
  packages: z.record(
    z.string(),
    z.looseObject({ version: z.string().optional(), resolved: z.string().optional() }),
  ),
})

function readPackageList(path: string): z.infer<typeof PackageList> | undefined {
  try {
    return PackageList.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data
  } catch {
    return undefined // The package was not installed by npm, so there is no evidence.
  }
}
