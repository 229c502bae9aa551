import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The project that a folder belongs to: the real path of its git root, else its own. @throws what the system says */
export function projectOf(folder: string): string {
  // As it is on the disk, also where a name may be typed in another case.
  const real = realpathSync.native(folder)
  for (let candidate = real; ; candidate = dirname(candidate)) {
    if (existsSync(join(candidate, '.git'))) return candidate
    if (candidate === dirname(candidate)) return real
  }
}
