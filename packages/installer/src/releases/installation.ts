import { existsSync } from 'node:fs'

/** How this program came onto the machine, and so how it is changed. */
export type Installed =
  /** `prefix` is npm's folder for what is global. */
  | { type: 'npm'; prefix: string; script: string }
  /** `home` is PNPM_HOME, in which its programs are: the script's own path changes with each version. */
  | { type: 'pnpm'; home: string }
  | { type: 'yarn' | 'bun'; script: string }
  /** Fetched for this one run, by npx or its like. */
  | { type: 'npx' }
  /** The source, with its history. */
  | { type: 'checkout'; root: string }
  /** Something that we must not change: a project's own dependency, a package of the system. */
  | { type: 'other'; folder: string }

/** How the script that runs was called, and where it is behind all links. */
export type ScriptPaths = { called: string; real: string }

/** Told by where the script is. Both paths count: npm links a checkout, pnpm links into its store. */
export function installedHow({ called, real }: ScriptPaths): Installed {
  const paths = [real, called].map((path) => path.replaceAll('\\', '/'))
  const found = places.flatMap((place) => paths.map(place)).find((installed) => installed !== undefined)
  return found ?? { type: 'other', folder: real.replace(/[\\/]bin[\\/][^\\/]+$/, '') }
}

/** The likeliest to be mistaken for another comes last. */
const places: readonly ((script: string) => Installed | undefined)[] = [
  checkout,
  (script) => (isCached(script) ? { type: 'npx' } : undefined),
  (script) => {
    const home = before(script, /\/global\/v?\d+\/(.*\/)?node_modules\/subagent-mcp\//)
    return home === undefined ? undefined : { type: 'pnpm', home }
  },
  (script) =>
    /\/yarn\/(data\/)?global\/node_modules\//i.test(script) ? { type: 'yarn', script } : undefined,
  (script) => (/\/install\/global\/node_modules\//.test(script) ? { type: 'bun', script } : undefined),
  npm,
]

function checkout(script: string): Installed | undefined {
  const root = before(script, /\/apps\/cli\/bin\/[^/]+$/)
  return root !== undefined && existsSync(`${root}/.git`) ? { type: 'checkout', root } : undefined
}

/** What is global has its program beside it, which a project's dependency has not. */
function npm(script: string): Installed | undefined {
  const unix = before(script, /\/lib\/node_modules\/subagent-mcp\//)
  if (unix !== undefined && existsSync(`${unix}/bin/subagent-mcp`))
    return { type: 'npm', prefix: unix, script }
  const windows = before(script, /\/node_modules\/subagent-mcp\//)
  if (windows !== undefined && existsSync(`${windows}/subagent-mcp.cmd`))
    return { type: 'npm', prefix: windows, script }
  return undefined
}

/** What of a path comes before a part of it. */
function before(path: string, part: RegExp): string | undefined {
  const found = part.exec(path)
  return found ? path.slice(0, found.index) : undefined
}

/** Whether a script is in a cache: npm's `_npx`, pnpm's `dlx` and bun's `bunx-0-name@version`. */
function isCached(script: string): boolean {
  return /[\\/](_npx|dlx(-[^\\/]+)?|bunx-[^\\/]+)[\\/]/.test(script)
}
