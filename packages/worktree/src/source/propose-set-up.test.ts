import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { proposeSetUp, setUpText } from './propose-set-up.js'

const copy = { include: ['node_modules/**', '**/node_modules/**'] }

test.each([
  ['npm', ['package-lock.json', 'node_modules/'], { lockFile: 'package-lock.json', setUp: copy }],
  [
    'npm without packages',
    ['package-lock.json'],
    { lockFile: 'package-lock.json', setUp: { run: 'npm ci' } },
  ],
  ['a pnpm workspace', ['pnpm-lock.yaml', 'node_modules/'], { lockFile: 'pnpm-lock.yaml', setUp: copy }],
  ['yarn', ['yarn.lock', 'node_modules/'], { lockFile: 'yarn.lock', setUp: copy }],
  [
    "yarn with Plug'n'Play",
    ['yarn.lock', '.pnp.cjs'],
    { lockFile: '.pnp.cjs', setUp: { include: ['.pnp.*', '.yarn/**'] } },
  ],
  ['uv', ['uv.lock', '.venv/'], { lockFile: 'uv.lock', setUp: { run: 'uv sync --frozen' } }],
  ['cargo', ['Cargo.lock'], undefined],
  ['go', ['go.mod', 'go.sum'], undefined],
])('what a worktree needs with %s', (_, files, proposed) => {
  const root = mkdtempSync(join(tmpdir(), 'set-up-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const file of files)
    if (file.endsWith('/')) mkdirSync(join(root, file))
    else writeFileSync(join(root, file), '')
  expect(proposeSetUp(root)).toEqual(proposed)
})

test('a set-up in words', () => {
  expect(setUpText({ include: ['a/**'], run: 'npm ci' })).toBe('gets a copy of a/** and runs npm ci')
})
