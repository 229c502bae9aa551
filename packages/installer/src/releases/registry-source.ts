import { SubagentError } from '@subagent-mcp/contract'
import { createCheckoutReleaseSource } from './checkout-source.js'
import { createUnknownReleaseError, queryRelease, type ReleaseSource } from './release-source.js'
import type { Installation } from './installation.js'
import type { TypedCommand, ProgramStart } from './run-command.js'

/** The source of the releases for an installation; `version` is the running one. */
export function createReleaseSource(
  installation: Installation,
  version: string,
  node = process.execPath,
): ReleaseSource {
  const registry = (manager: PackageManager) => registrySource(manager, version)
  switch (installation.type) {
    case 'npm': {
      const { prefix: place, script } = installation
      const add = ['npm', 'install', '--global', '--prefix', place] as const
      return registry({ place, view: npmView, add, program: () => ({ words: [node, script] }) })
    }
    case 'pnpm': {
      const { home: place } = installation
      const program = (): ProgramStart => ({ words: [name], folders: [`${place}/bin`, place] })
      return registry({ place, view: ['pnpm', 'view'], add: ['pnpm', 'add', '--global'], program })
    }
    case 'yarn': {
      const { script: place } = installation
      const [view, add] = [['yarn', '--silent', 'info'] as const, ['yarn', 'global', 'add'] as const]
      return registry({ place, view, add, program: () => ({ words: [node, place] }) })
    }
    case 'bun': {
      const { script: place } = installation
      const [view, add] = [['bun', 'pm', 'view'] as const, ['bun', 'add', '--global'] as const]
      return registry({ place, view, add, program: () => ({ words: [node, place] }) })
    }
    case 'npx': {
      // Nothing is installed: the entries of hosts name the version, and the first start fetches it.
      const program = (release: string): ProgramStart => ({ words: ['npx', '-y', `${name}@${release}`] })
      const source = registry({ place: 'npx', view: npmView, add: ['npx'], program })
      return { ...source, install: () => [], goBack: () => [] }
    }
    case 'checkout':
      return createCheckoutReleaseSource(installation.root, node)
    case 'other': {
      const refuse = refuseToChange(installation.folder)
      const source = registry({ place: installation.folder, view: npmView, add: ['npm'], program: refuse })
      return { ...source, install: refuse, goBack: refuse }
    }
  }
}

const name = 'subagent-mcp'

const npmView: TypedCommand = ['npm', 'view']

type PackageManager = {
  place: string
  view: TypedCommand
  add: TypedCommand
  program: (release: string) => ProgramStart
}

/** The releases in the registry of a package manager, named by their versions. */
function registrySource({ place, view, add, program }: PackageManager, version: string): ReleaseSource {
  const query: TypedCommand = [...view, name, 'version']
  const hint = `this needs a network; nothing was changed. Try: ${query.join(' ')}`
  const install = (release: string): TypedCommand[] => [[...add, `${name}@${release}`]]
  return {
    place,
    asks: `the registry of ${view[0]}`,
    current: () => Promise.resolve(version),
    newer: async (run) => {
      const answer = await queryRelease(query, hint, run)
      const [found] = /\d+\.\d+\.\d+\S*$/.exec(answer) ?? []
      if (found === undefined)
        throw createUnknownReleaseError(`'${answer.slice(0, 200)}' is no version`, hint)
      return isNewerVersion(found, version) ? found : undefined
    },
    install,
    goBack: install,
    program,
    isAnswer: (answer, release) => answer === release,
  }
}

/** Whether a semantic version is newer than another one. A prerelease is older than its release. */
export function isNewerVersion(version: string, other: string): boolean {
  const [core = '', prerelease = ''] = version.split(/-(.*)/)
  const [otherCore = '', otherPrerelease = ''] = other.split(/-(.*)/)
  const order = core.localeCompare(otherCore, 'en', { numeric: true })
  if (order !== 0 || prerelease === otherPrerelease) return order > 0
  if (prerelease === '' || otherPrerelease === '') return prerelease === ''
  return prerelease.localeCompare(otherPrerelease, 'en', { numeric: true }) > 0
}

/** Returns a function that refuses to change an installation of another program. Only its newest release can be asked for. */
function refuseToChange(folder: string): () => never {
  return () => {
    throw new SubagentError('not-supported', `${folder} is no global installation, and is left alone`, {
      hint: 'change it with what put it there; then: subagent-mcp update --after <the release before>',
    })
  }
}
