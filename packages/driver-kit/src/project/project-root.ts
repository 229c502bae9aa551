import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The project of a folder: the real path of its git root, or of the folder itself outside of git. @throws the system's error */
export function projectRootOf(folder: string): string {
  // The native variant returns names in the case of the disk, where another case leads to the same file.
  const real = realpathSync.native(folder)
  for (let candidate = real; ; candidate = dirname(candidate)) {
    if (existsSync(join(candidate, '.git'))) return candidate
    if (candidate === dirname(candidate)) return real
  }
}
