import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findNativeCodex } from './native-executable.js'

let root: string
let launcher: string

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'native-')))
  launcher = join(root, 'node_modules/@openai/codex/bin/codex.js')
  write(launcher, '#!/usr/bin/env node\n')
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

const binaryName = process.platform === 'win32' ? 'codex.exe' : 'codex'

function write(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  chmodSync(file, 0o755)
  return file
}

/** Creates the npm package with Codex's binary for this platform, beside the launcher's package as npm and pnpm put it. */
function install(): string {
  const folder = join(root, `node_modules/@openai/codex-${process.platform}-${process.arch}`)
  write(join(folder, 'package.json'), '{}')
  return write(join(folder, 'vendor/some-target/bin', binaryName), 'binary')
}

const shims = {
  pnpm: 'exec node  "$basedir_abs"/\'../@openai/codex/bin/codex.js\' "$@"\n',
  'older pnpm': 'exec node  "$basedir/../@openai/codex/bin/codex.js" "$@"\n',
  'npm on Windows': '"%_prog%"  "%dp0%\\..\\@openai\\codex\\bin\\codex.js" %*\r\n',
}

test.each(Object.entries(shims))('is found behind the script of %s', (_, text) => {
  const binary = install()
  const shim = write(join(root, 'node_modules/.bin/codex'), `#!/bin/sh\n${text}`)
  expect(findNativeCodex(shim)).toBe(binary)
})

test('is found behind the link of npm, also in the package itself', () => {
  const link = join(root, 'codex')
  symlinkSync(launcher, link)
  expect(findNativeCodex(link)).toBe(link)
  const binary = install()
  expect(findNativeCodex(link)).toBe(binary)
  const bundled = write(join(root, 'node_modules/@openai/codex/vendor/some-target/bin', binaryName), 'binary')
  expect(findNativeCodex(link)).toBe(bundled)
})

test.each([
  ['a binary of its own', 'ELF'],
  ['a script of the user', '#!/bin/sh\nexec /opt/codex "$@"\n'],
])('is left alone: %s', (_, text) => {
  install()
  const own = write(join(root, 'bin/codex'), text)
  expect(findNativeCodex(own)).toBe(own)
})

test('is left to whoever starts it when it is missing', () => {
  expect(findNativeCodex(join(root, 'nowhere'))).toBe(join(root, 'nowhere'))
})
