/** Whether a file system error means that the file does not exist. */
export function isMissingFileError(error: unknown): boolean {
  // ENOTDIR: a parent of the path is a file.
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
