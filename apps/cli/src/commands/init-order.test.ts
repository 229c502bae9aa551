import { expect, test } from 'vitest'
import { readInitOrder } from './init-order.js'

const usual = { dryRun: false, remove: false, force: false, json: false }
const project = { type: 'project', root: '.', copilot: false, cursor: false }

test('the words', () => {
  expect(readInitOrder(['--root', '.'])).toEqual({ where: project, ...usual })
  expect(readInitOrder(['--global', '--dry-run', '--json'])).toEqual({
    where: { type: 'global' },
    ...usual,
    dryRun: true,
    json: true,
  })
  const all = ['--root', '.', '--files', 'a.md, docs/b.md', '--copilot', '--cursor', '--remove', '--force']
  expect(readInitOrder(all)).toEqual({
    where: { ...project, files: ['a.md', 'docs/b.md'], copilot: true, cursor: true },
    ...usual,
    remove: true,
    force: true,
  })
})

test.each([
  [[], 'say --root <folder> for a project, or --global'],
  [['--global', '--root', '.'], '--global and --root exclude each other'],
  [['--global', '--files', 'a'], '--global and --files exclude each other'],
  [['--global', '--files', ''], '--global and --files exclude each other'],
  [['--global', '--copilot'], '--global and --copilot exclude each other'],
  [['--global', '--cursor'], '--global and --cursor exclude each other'],
  [['--root', '.', '--files', 'a,,b'], "--files takes files below the root, not ''"],
  [['--root', '.', '--files', '/etc/x'], "--files takes files below the root, not '/etc/x'"],
  [['--root', '.', '--files', 'a/../../x'], "--files takes files below the root, not 'a/../../x'"],
  [['--root', '.', '--files', 'a.md,package.json'], "outside of .git, not 'package.json'"],
  [['--root', '.', '--files', '.git/a.md'], "outside of .git, not '.git/a.md'"],
  [['--root', ' '], '--root names no folder'],
  [['--root', '.', 'x'], "there is a 'x' too many"],
])('%j is wrong use', (words, message) => {
  expect(() => readInitOrder(words)).toThrow(message)
})
