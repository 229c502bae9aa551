import { SubagentError } from '@subagent-mcp/contract'
import { checkoutSource } from './checkout-source.js'
import type { Installed } from './installed-how.js'
import { packageSource } from './package-source.js'
import type { Program, Words } from './run-words.js'
import type { ReleaseSource } from './source.js'

/** The source for what is installed here. */
export function releaseSource(installed: Installed, node = process.execPath): ReleaseSource {
  switch (installed.type) {
    case 'npm': {
      const { prefix: place, script } = installed
      const add = ['npm', 'install', '--global', '--prefix', place] as const
      return packageSource({ place, view: npmView, add, program: () => ({ words: [node, script] }) })
    }
    case 'pnpm': {
      const { home: place } = installed
      const program = (): Program => ({ words: ['subagent-mcp'], folders: [`${place}/bin`, place] })
      return packageSource({ place, view: ['pnpm', 'view'], add: ['pnpm', 'add', '--global'], program })
    }
    case 'yarn': {
      const { script: place } = installed
      const [view, add] = [['yarn', '--silent', 'info'] as const, ['yarn', 'global', 'add'] as const]
      return packageSource({ place, view, add, program: () => ({ words: [node, place] }) })
    }
    case 'bun': {
      const { script: place } = installed
      const [view, add] = [['bun', 'pm', 'view'] as const, ['bun', 'add', '--global'] as const]
      return packageSource({ place, view, add, program: () => ({ words: [node, place] }) })
    }
    case 'npx':
      return fetched
    case 'checkout':
      return checkoutSource(installed.root, node)
    case 'other':
      return leftAlone(installed.folder)
  }
}

const npmView: Words = ['npm', 'view']

/** Nothing is installed: what hosts start names its version, and the first start fetches it. */
const fetched: ReleaseSource = {
  ...packageSource({
    place: 'npx',
    view: npmView,
    add: ['npx'],
    program: (release) => ({ words: ['npx', '-y', `subagent-mcp@${release}`] }),
  }),
  install: () => [],
  goBack: () => [],
}

/** It can be asked whether there is a newer one, and no more. */
function leftAlone(folder: string): ReleaseSource {
  const refuse = (): never => {
    throw new SubagentError('not-supported', `${folder} is no global installation, and is left alone`, {
      hint: 'change it with what put it there; then: subagent-mcp update --after <the release before>',
    })
  }
  const asked = packageSource({ place: folder, view: npmView, add: ['npm'], program: refuse })
  return { ...asked, install: refuse, goBack: refuse }
}
