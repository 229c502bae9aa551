import type { CallPlace } from '../places/place.js'
import { repositoryOf, repositorySettings } from '../places/repository-settings.js'
import type { Word } from '../shell/word.js'

/**
 * Whether a git command may fetch objects. In a partial clone git fetches an object when a command first needs it, over the
 * network and with the programs that the settings of the repository name for the remote.
 */
export function mayFetch([verb, ...rest]: readonly Word[], place: CallPlace): boolean {
  if (verb === undefined || needsNoObjects.test(verb.text)) return false
  const isList = verb.text === 'log' && rest.every(({ text }) => listsCommits.test(text))
  return !isList && isPartialClone(place)
}

/** Git commands that read only names, numbers or commits, which a partial clone has. */
const needsNoObjects =
  /^(rev-parse|ls-files|branch|remote|config|worktree|check-ignore|version|count-objects|show-ref|merge-base)$/

function isPartialClone(place: CallPlace): boolean {
  const folder = repositoryOf(place)
  if (folder === undefined) return false
  const packs = place.names(`${folder}/objects/pack`)
  return isPromising(repositorySettings(place)) || packs.some((name) => name.endsWith('.promisor'))
}

const listsCommits = /^(--(oneline|graph|all|decorate|reverse|no-merges|no-color)|-\d+|-n\d*|\d+)$/

/** Whether settings declare a promisor remote, or include other settings, which may declare one. */
function isPromising(settings: string): boolean {
  return /^\s*(\[[^\]]*\]\s*)?(promisor|partialclone(filter)?|path)\b/im.test(settings)
}
