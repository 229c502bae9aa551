import type { Installed } from './installed-how.js'
import type { Words } from './run-words.js'

/** Where releases of this program come from, and what is to be run for one. A checkout's are commits. */
export type ReleaseSource = {
  /** The last one prints the newest release; of a checkout nothing where there is no newer one. */
  newest: readonly Words[]
  /** Prints the release that is there; missing where the program's own version is it. */
  current?: Words
  install(release: string): readonly Words[]
  /** The way from a later release to an earlier one. */
  goBack(release: string): readonly Words[]
  /** What starts the program once a release is installed. */
  program(release: string): Program
  /** Whether a release is told by the version that its program answers. */
  isVersion: boolean
}

/** `name` is looked for in `folders` alone, where it has some. */
export type Program = { words: Words; folders?: readonly string[] }

/** `undefined` where we must not change anything. */
export function releaseSource(installed: Installed, node = process.execPath): ReleaseSource | undefined {
  switch (installed.type) {
    case 'npm': {
      const { prefix, script } = installed
      return packages(['npm', 'view'], ['npm', 'install', '--global', '--prefix', prefix], () => ({
        words: [node, script],
      }))
    }
    case 'pnpm': {
      const folders = [`${installed.home}/bin`, installed.home]
      return packages(['pnpm', 'view'], ['pnpm', 'add', '--global'], () => ({ words: [name], folders }))
    }
    case 'yarn':
      return packages(['yarn', '--silent', 'info'], ['yarn', 'global', 'add'], () => ({
        words: [node, installed.script],
      }))
    case 'bun':
      return packages(['bun', 'pm', 'view'], ['bun', 'add', '--global'], () => ({
        words: [node, installed.script],
      }))
    case 'npx':
      return fetched
    case 'checkout':
      return checkout(installed.root, node)
    case 'other':
      return undefined
  }
}

const name = 'subagent-mcp'

/** Managers of packages differ in their words alone. */
function packages(view: Words, add: Words, program: () => Program): ReleaseSource {
  const install = (release: string): Words[] => [[...add, `${name}@${release}`]]
  return { newest: [[...view, name, 'version']], install, goBack: install, program, isVersion: true }
}

/** Nothing is installed: what hosts start names its version, and the first start fetches it. */
const fetched: ReleaseSource = {
  newest: [['npm', 'view', name, 'version']],
  install: () => [],
  goBack: () => [],
  program: (release) => ({ words: ['npx', '-y', `${name}@${release}`] }),
  isVersion: true,
}

/** Never over changes of the user's: git refuses both ways then. */
function checkout(root: string, node: string): ReleaseSource {
  const git: Words = ['git', '-C', root]
  const build: Words = [node, `${root}/tooling/run.mjs`, 'build']
  return {
    newest: [
      [...git, 'fetch', '--quiet'],
      [...git, 'rev-list', '-1', 'HEAD..@{upstream}'],
    ],
    current: [...git, 'rev-parse', 'HEAD'],
    install: (release) => [[...git, 'merge', '--ff-only', '--quiet', release], build],
    goBack: (release) => [[...git, 'reset', '--keep', '--quiet', release], build],
    program: () => ({ words: [node, `${root}/apps/cli/bin/subagent-mcp.js`] }),
    isVersion: false,
  }
}
