import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The project that a folder belongs to: the real path of its git root, else its own. @throws what the system says */
export function projectOf(folder: string): string {
  const real = realpathSync(folder)
  for (let candidate = real; ; candidate = dirname(candidate)) {
    if (existsSync(join(candidate, '.git'))) return candidate
    if (candidate === dirname(candidate)) return real
  }
}
