import { isAbsolute, relative, sep } from 'node:path'

/** Whether `path` is `folder` or below it, by text alone: links are not followed. */
export function isPathInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
