import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

// The hook reads this too, while mail waits: nothing but node is imported here.

/**
 * What the mail of a project's root belongs to, the same on every machine: where its repository comes from, without
 * what signs in there; else its path.
 */
export function mailProject(root: string): string {
  const url = originOf(root)
  if (url === undefined) return root
  return placeOf(/^\.\.?[\\/]/.test(url) ? resolve(root, url) : url)
}

function originOf(root: string): string | undefined {
  try {
    return originIn(readFileSync(join(gitFolder(join(root, '.git')), 'config'), 'utf8'))
  } catch {
    // No repository, or none that can be read: it is known by its path.
    return undefined
  }
}

/** Of a further worktree that of its repository. */
function gitFolder(path: string): string {
  if (statSync(path).isDirectory()) return path
  const [, folder = ''] = /^gitdir: (.+)$/m.exec(readFileSync(path, 'utf8')) ?? []
  const own = resolve(dirname(path), folder)
  const common = join(own, 'commondir')
  // A submodule's folder is its own.
  return existsSync(common) ? resolve(own, readFileSync(common, 'utf8').trim()) : own
}

/** The first that its own file names, as git reads it: a section may stand before it in its line. */
function originIn(config: string): string | undefined {
  let isOrigin = false
  for (const line of config.split('\n')) {
    if (/^\s*\[/.test(line)) isOrigin = /^\s*\[remote\s+"origin"\]/i.test(line)
    const [, quoted, plain = ''] = /^(?:\s*\[[^\]]*\])?\s*url\s*=\s*(?:"([^"]*)"|([^#;]*))/i.exec(line) ?? []
    const url = (quoted ?? plain).trim()
    if (isOrigin && url !== '') return url
  }
  return undefined
}

/** `git@host:team/app.git` and `https://token@host/team/app` are the same place. */
function placeOf(url: string): string {
  return url
    .replace(/[?#].*$/, '')
    .replace(/^[a-z+]+:\/\//i, '')
    .replace(/^[^/]*@/, '')
    .replace(/^(\[[^\]]*\]|[^/:]*):(?:\d+\/)?/, '$1/')
    .replace(/\/+/g, '/')
    .replace(/(?:\.git)?\/?$/, '')
}
