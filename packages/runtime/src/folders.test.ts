import { makeTemporaryFolder } from '@subagent-mcp/testkit'
import { SubagentError } from '@subagent-mcp/contract'
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { resolveFolder, createAnswerTextSaver } from './folders.js'

let folder: string

beforeEach(() => {
  folder = makeTemporaryFolder()
})

afterEach(() => {
  chmodSync(folder, 0o700)
})

describe('a working folder', () => {
  test("is resolved against the host's folder, which is the default", () => {
    mkdirSync(join(folder, 'sub'))
    expect(resolveFolder('sub', folder)).toBe(join(folder, 'sub'))
    expect(resolveFolder(undefined, folder)).toBe(folder)
  })

  test.each(['nowhere', 'file', 'file/below', 'nul\0', 'x'.repeat(5000)])(
    'that is no folder is refused: %#',
    (path) => {
      writeFileSync(join(folder, 'file'), '')
      expect(() => resolveFolder(path, folder)).toThrow(SubagentError)
    },
  )
})

describe('saved texts', () => {
  test('are readable by the user alone, and a name is one file', () => {
    const keep = createAnswerTextSaver(join(folder, 'answers'))
    keep('a', 'one')
    expect(keep('a', 'two')).toEqual({ path: join(folder, 'answers', 'a.md') })
    expect(readFileSync(join(folder, 'answers', 'a.md'), 'utf8')).toBe('two')
    expect(statSync(join(folder, 'answers', 'a.md')).mode & 0o777).toBe(0o600)
  })

  test('that cannot be written are reported and throw nothing', () => {
    writeFileSync(join(folder, 'answers'), 'a file is in the way')
    const saved = createAnswerTextSaver(join(folder, 'answers'))('a', 'one')
    expect(saved).toHaveProperty('problem', expect.stringContaining('cannot write'))
  })
})
