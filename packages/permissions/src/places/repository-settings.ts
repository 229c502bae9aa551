import { dirname } from 'node:path'
import { resolveCallPath, type ToolCallContext } from './tool-call-context.js'

/** The text of the settings of the repository around a place; empty without a repository. */
export function readGitSettings(place: ToolCallContext): string {
  const folder = findGitSettingsFolder(place)
  if (folder === undefined) return ''
  return ['config', 'config.worktree'].map((name) => place.text?.(`${folder}/${name}`) ?? '').join('\n')
}

/** The folder with the settings of the repository around a place. For a worktree, files name it. */
export function findGitSettingsFolder(place: ToolCallContext): string | undefined {
  for (let at = place.cwd; ; at = dirname(at)) {
    if (place.names(at).includes('.git')) return commonFolder(`${at}/.git`, at, place)
    if (at === dirname(at)) return undefined
  }
}

function commonFolder(git: string, at: string, place: ToolCallContext): string | undefined {
  const told = /^gitdir:\s*(.+)/.exec(place.text?.(git) ?? '')?.[1]?.trimEnd()
  const own = told === undefined ? git : resolveCallPath(told, place, at)
  if (own === undefined) return undefined
  const common = place.text?.(`${own}/commondir`).trim() ?? ''
  return common === '' ? own : resolveCallPath(common, place, own)
}
