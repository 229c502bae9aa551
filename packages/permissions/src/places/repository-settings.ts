import { dirname } from 'node:path'
import { resolvePath, type CallPlace } from './place.js'

/** The settings of the repository that a place is in, as they are written; empty where it is in none. */
export function repositorySettings(place: CallPlace): string {
  const folder = repositoryOf(place)
  if (folder === undefined) return ''
  return ['config', 'config.worktree'].map((name) => place.text?.(`${folder}/${name}`) ?? '').join('\n')
}

/** The folder with a repository's settings; that of a worktree is told in files. */
export function repositoryOf(place: CallPlace): string | undefined {
  for (let at = place.cwd; ; at = dirname(at)) {
    if (place.names(at).includes('.git')) return commonFolder(`${at}/.git`, at, place)
    if (at === dirname(at)) return undefined
  }
}

function commonFolder(git: string, at: string, place: CallPlace): string | undefined {
  const told = /^gitdir:\s*(.+)/.exec(place.text?.(git) ?? '')?.[1]?.trimEnd()
  const own = told === undefined ? git : resolvePath(told, place, at)
  if (own === undefined) return undefined
  const common = place.text?.(`${own}/commondir`).trim() ?? ''
  return common === '' ? own : resolvePath(common, place, own)
}
