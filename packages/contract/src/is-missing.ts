/** Whether an error of the file system says that there is no such file. */
export function isMissing(error: unknown): boolean {
  // ENOTDIR: a part of the path is a file, so nothing can be below it.
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
