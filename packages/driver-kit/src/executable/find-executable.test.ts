import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findExecutable } from './find-executable.js'

/** The name of a CLI that no machine has, so that only the folders made in these tests contain it. */
const name = 'subagent-mcp-test-cli'

describe.skipIf(process.platform === 'win32')('findExecutable', () => {
  const home = mkdtempSync(join(tmpdir(), 'find-executable-'))
  const executable = (folder: string) => {
    mkdirSync(join(home, folder), { recursive: true })
    const file = join(home, folder, name)
    writeFileSync(file, '#!/bin/sh\n')
    chmodSync(file, 0o755)
    return file
  }
  const onPath = executable('path')
  const wellKnown = executable('.local/bin')
  const configured = executable('elsewhere')
  mkdirSync(join(home, 'folder', name), { recursive: true })
  mkdirSync(join(home, 'plain'))
  writeFileSync(join(home, 'plain', name), 'not executable')
  afterAll(() => rmSync(home, { recursive: true }))

  it.each([
    ['on PATH', { PATH: join(home, 'path') }, onPath],
    ['where its installer puts it', {}, wellKnown],
    ['not in a folder of that name', { PATH: join(home, 'folder') }, wellKnown],
    ['not in a file that cannot be run', { PATH: join(home, 'plain') }, wellKnown],
  ])('is found %s', (_name, environment, expected) => {
    expect(findExecutable({ name, environment, home })).toBe(expected)
  })

  it('is undefined when there is none', () => {
    expect(findExecutable({ name, environment: { PATH: '/nowhere' }, home: '/nowhere' })).toBeUndefined()
  })

  it.each([
    ['an absolute path', configured],
    ['a path from the home folder', `~/elsewhere/${name}`],
  ])('is where the user says, by %s', (_name, setting) => {
    const environment = { PATH: join(home, 'path') }
    expect(findExecutable({ name, configured: setting, environment, home })).toBe(configured)
  })

  it.each([
    ['is missing', '/nowhere/claude'],
    ['is a folder', join(home, 'folder')],
    ['cannot be run', join(home, 'plain', name)],
    ['is not absolute', `elsewhere/${name}`],
  ])('is an error when what the user says %s', (_name, setting) => {
    const environment = { PATH: join(home, 'path') }
    expect(() => findExecutable({ name, configured: setting, environment, home })).toThrow(
      expect.objectContaining({ code: 'config-invalid' }),
    )
  })
})
