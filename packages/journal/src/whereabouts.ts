import { statSync, type Stats } from 'node:fs'

/**
 * Remembers which files a database has, and says what has become of them: a file that was deleted or replaced is still open
 * here, and what is written to it is lost. Returns nothing while all is as it was.
 */
export function watchFiles(path: string): () => string | undefined {
  const files = [path, `${path}-wal`].map((file) => ({ file, before: statsOf(file) }))
  return () => {
    for (const one of files) {
      const now = statsOf(one.file)
      if (one.before === undefined) one.before = now
      else if (now === undefined) return `${one.file} is gone`
      else if (now.ino !== one.before.ino || now.dev !== one.before.dev) return `${one.file} was replaced`
      else if (now.size === 0 && one.before.size > 0 && one.file === path) return `${one.file} was emptied`
      else one.before = now
    }
    return undefined
  }
}

function statsOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false })
}
