import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isMissingFileError } from './is-missing-file-error.js'

test.each([
  { path: '/no/such/file', missing: true },
  { path: `${import.meta.filename}/below`, missing: true },
  { path: import.meta.dirname, missing: false },
])('$missing for reading $path', ({ path, missing }) => {
  expect(missingWhenRead(path)).toBe(missing)
})

function missingWhenRead(path: string): boolean {
  try {
    readFileSync(path)
  } catch (error) {
    return isMissingFileError(error)
  }
  throw new Error(`${path} could be read`)
}
