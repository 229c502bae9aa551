import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * The `.env` file that an agent takes up for a folder, if there is one. Its variables go into the whole process, so
 * that sessions which have different ones cannot share it.
 */
export function envFileOf(folder: string): string | undefined {
  const found = [join(folder, '.gemini', '.env'), join(folder, '.env')].find((file) => existsSync(file))
  if (found !== undefined) return found
  const parent = dirname(folder)
  return parent === folder ? undefined : envFileOf(parent)
}
