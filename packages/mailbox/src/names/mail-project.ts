import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

// The hook command loads this file while mail waits, so it imports nothing but Node's own modules.

/**
 * The project id in the mailbox for a project's root folder. It is the URL of the git remote `origin` without credentials,
 * the same on every machine; without a remote it is the folder's path.
 */
export function getMailProjectId(root: string): string {
  const url = originOf(root)
  if (url === undefined) return root
  return placeOf(/^\.\.?[\\/]/.test(url) ? resolve(root, url) : url)
}

function originOf(root: string): string | undefined {
  try {
    return originIn(readFileSync(join(gitFolder(join(root, '.git')), 'config'), 'utf8'))
  } catch {
    // Not a repository, or not a readable one: the path is the id.
    return undefined
  }
}

function gitFolder(path: string): string {
  if (statSync(path).isDirectory()) return path
  const [, folder = ''] = /^gitdir: (.+)$/m.exec(readFileSync(path, 'utf8')) ?? []
  const own = resolve(dirname(path), folder)
  const common = join(own, 'commondir')
  // A submodule has no `commondir`.
  return existsSync(common) ? resolve(own, readFileSync(common, 'utf8').trim()) : own
}

/** The first URL of `origin` in a git config file. As in git, the section header may stand on the same line. */
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

/** The host and path of a git URL: `host/team/app` for `git@host:team/app.git` and for `https://token@host/team/app`. */
function placeOf(url: string): string {
  return url
    .replace(/[?#].*$/, '')
    .replace(/^[a-z+]+:\/\//i, '')
    .replace(/^[^/]*@/, '')
    .replace(/^(\[[^\]]*\]|[^/:]*):(?:\d+\/)?/, '$1/')
    .replace(/\/+/g, '/')
    .replace(/(?:\.git)?\/?$/, '')
}
