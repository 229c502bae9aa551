import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'

/** The bytes of all files in a folder, or of a file. Links are not followed; what cannot be read counts 0. */
export async function folderSize(path: string): Promise<number> {
  let bytes = 0
  const folders = [path]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    try {
      const stats = await lstat(folder)
      if (!stats.isDirectory()) return stats.size
      for await (const entry of await opendir(folder)) {
        const inner = join(folder, entry.name)
        if (entry.isDirectory()) folders.push(inner)
        else if (entry.isFile()) bytes += (await lstat(inner)).size
      }
    } catch {
      // It was deleted meanwhile, or belongs to another user.
    }
  }
  return bytes
}
