import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { installStamp } from './install-stamp.mjs'

test('changes with the lockfile, the workspace file and every package.json, and with no other file', () => {
  const root = makeCheckout()
  const first = installStamp(root)
  const stampAfter = (/** @type {string} */ file) => {
    write(root, file, `{ "changed": "${file}" }`)
    return installStamp(root)
  }

  expect(stampAfter('packages/a/src/index.ts')).toBe(first)
  expect(stampAfter('packages/a/node_modules/b/package.json')).toBe(first)
  expect(stampAfter('.tools/pnpm/package.json')).toBe(first)

  const stamps = [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    'packages/a/package.json',
    'e2e/package.json',
  ]
  expect(new Set([first, ...stamps.map(stampAfter)]).size).toBe(stamps.length + 1)
})

function makeCheckout() {
  const root = mkdtempSync(join(tmpdir(), 'install-stamp-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', 'packages/a/package.json']) {
    write(root, file, '{}')
  }
  return root
}

/**
 * @param {string} root
 * @param {string} file
 * @param {string} text
 */
function write(root, file, text) {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}
