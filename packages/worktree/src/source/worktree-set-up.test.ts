import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { matching } from '@subagent-mcp/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { proposeWorktreeSetUp, worktreeSetUpFile, describeWorktreeSetUp } from './worktree-set-up.js'

const copy = { include: ['node_modules/**', '**/node_modules/**'] }

test.each([
  ['npm', ['package-lock.json', 'node_modules/'], { file: 'package-lock.json', setUp: copy }],
  ['npm without packages', ['package-lock.json'], { file: 'package-lock.json', setUp: { run: 'npm ci' } }],
  ['a pnpm workspace', ['pnpm-lock.yaml', 'node_modules/'], { file: 'pnpm-lock.yaml', setUp: copy }],
  ['yarn', ['yarn.lock', 'node_modules/'], { file: 'yarn.lock', setUp: copy }],
  [
    "yarn with Plug'n'Play",
    ['yarn.lock', '.pnp.cjs'],
    { file: '.pnp.cjs', setUp: { include: ['.pnp.*', '.yarn/**'] } },
  ],
  ['uv', ['uv.lock', '.venv/'], { file: 'uv.lock', setUp: { run: 'uv sync --frozen' } }],
  ['cargo', ['Cargo.lock'], undefined],
  ['go', ['go.mod', 'go.sum'], undefined],
])('what a worktree needs with %s', (_, files, proposed) => {
  const root = mkdtempSync(join(tmpdir(), 'set-up-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const file of files)
    if (file.endsWith('/')) mkdirSync(join(root, file))
    else writeFileSync(join(root, file), '')
  expect(proposeWorktreeSetUp(root)).toEqual(proposed)
})

test('a set-up in words', () => {
  expect(describeWorktreeSetUp({ include: ['a/**'], run: 'npm ci' })).toBe(
    'gets a copy of a/** and runs npm ci',
  )
})

/** A project with a lock file and a proposal of its own. */
function projectWith(proposal: string) {
  const root = mkdtempSync(join(tmpdir(), 'set-up-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  writeFileSync(join(root, 'package-lock.json'), '')
  mkdirSync(join(root, '.subagent-mcp'))
  writeFileSync(join(root, worktreeSetUpFile), proposal)
  return root
}

test("a project's own proposal comes before its lock file, with a hash that each change changes", () => {
  const proposed = proposeWorktreeSetUp(projectWith('{"run": "make deps", "include": [".env.test"]}'))
  expect(proposed).toEqual({
    file: worktreeSetUpFile,
    setUp: { run: 'make deps', include: ['.env.test'], approved: matching(/^sha256-/) },
  })
  const again = proposeWorktreeSetUp(projectWith('{ "include": [".env.test"],  "run": "make deps" }'))
  expect(again?.setUp.approved).toBe(proposed?.setUp.approved)
  const changed = proposeWorktreeSetUp(
    projectWith('{"run": "make deps; curl evil", "include": [".env.test"]}'),
  )
  expect(changed?.setUp.approved).not.toBe(proposed?.setUp.approved)
})

test.each(['{', '{}', '{"run": ""}', '{"command": "x"}', '[]'])(
  'a proposal %s is refused with its path',
  (text) => {
    const root = projectWith(text)
    expect(() => proposeWorktreeSetUp(root)).toThrow(join(root, worktreeSetUpFile))
  },
)
