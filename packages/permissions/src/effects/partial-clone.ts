import type { CallPlace } from '../places/place.js'
import { repositoryOf, repositorySettings } from '../places/repository-settings.js'
import type { Word } from '../shell/word.js'

/**
 * Whether a command of git may fetch what is missing. In a partial clone git fetches an object when a command first needs
 * it: over the network, and by the programs that the settings of the repository name for the remote.
 */
export function mayFetch([verb, ...rest]: readonly Word[], place: CallPlace): boolean {
  if (verb === undefined || needsNoObjects.test(verb.text)) return false
  const isList = verb.text === 'log' && rest.every(({ text }) => listsCommits.test(text))
  return !isList && isPartialClone(place)
}

/** Of these git looks at names and numbers alone, or at commits, which a partial clone has. */
const needsNoObjects =
  /^(rev-parse|ls-files|branch|remote|config|worktree|check-ignore|version|count-objects|show-ref|merge-base)$/

function isPartialClone(place: CallPlace): boolean {
  const folder = repositoryOf(place)
  if (folder === undefined) return false
  const packs = place.names(`${folder}/objects/pack`)
  return isPromising(repositorySettings(place)) || packs.some((name) => name.endsWith('.promisor'))
}

const listsCommits = /^(--(oneline|graph|all|decorate|reverse|no-merges|no-color)|-\d+|-n\d*|\d+)$/

/** Sections of the settings where a remote promises what is missing, or where other settings are included, which may say it. */
function isPromising(settings: string): boolean {
  return /^\s*(\[[^\]]*\]\s*)?(promisor|partialclone(filter)?|path)\b/im.test(settings)
}
