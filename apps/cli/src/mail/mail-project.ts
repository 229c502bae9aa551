import { readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

// The hook reads this too, while mail waits: nothing but node is imported here.

/**
 * What the mail of a project's root belongs to, the same on every machine: where its repository comes from, without
 * what signs in there; else its path.
 */
export function mailProject(root: string): string {
  const url = originOf(root)
  return url === undefined ? root : placeOf(url)
}

function originOf(root: string): string | undefined {
  try {
    const config = readFileSync(join(gitFolder(join(root, '.git')), 'config'), 'utf8')
    return /^\[remote "origin"\]\s*\n(?:[^[]*\n)?\s*url\s*=\s*(\S+)/m.exec(config)?.[1]
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
  return resolve(own, readFileSync(join(own, 'commondir'), 'utf8').trim())
}

/** `git@host:team/app.git` and `https://token@host/team/app` are the same place. */
function placeOf(url: string): string {
  return url
    .replace(/^[a-z+]+:\/\//i, '')
    .replace(/^[^/@]*@/, '')
    .replace(/:(?:\d+\/)?/, '/')
    .replace(/\/+/g, '/')
    .replace(/(?:\.git)?\/?$/, '')
}
