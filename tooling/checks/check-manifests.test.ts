import { expect, test } from 'vitest'
import { checkManifests } from './check-manifests.js'
import { makeTree } from './make-tree.js'

const sound = {
  name: '@x/one',
  description: 'One',
  keywords: ['a', 'b', 'c'],
  homepage: 'https://example.org/tree/main/packages/one#readme',
  bugs: { url: 'https://example.org/issues' },
  license: 'MIT',
  author: 'Somebody',
  type: 'module',
  engines: { node: '>=20.19' },
  repository: { type: 'git', url: 'git+https://example.org/x.git', directory: 'packages/one' },
  publishConfig: { access: 'public' },
}

/** The problems of a checkout whose package depends on `deep` through `two` and `outer`; `deep` needs this Node. */
function problems(changes: object, { fixed = ['@x/one'], node = '>=18' } = {}) {
  const root = makeTree({
    'packages/one/package.json': { ...sound, ...changes },
    '.changeset/config.json': { fixed: [fixed] },
    'pnpm-lock.yaml': {
      importers: {
        'packages/one': { dependencies: { '@x/two': { version: 'link:../two' } } },
        'packages/two': { dependencies: { outer: { version: '1.0.0(peer@2.0.0)' } } },
      },
      packages: { 'outer@1.0.0': {}, 'deep@3.0.0': { engines: { node } } },
      snapshots: { 'outer@1.0.0(peer@2.0.0)': { dependencies: { deep: '3.0.0' } }, 'deep@3.0.0': {} },
    },
  })
  return checkManifests(root).problems
}

test('accepts a manifest with all fields', () => {
  expect(problems({})).toEqual([])
})

test.each([
  { key: 'author', changes: { author: undefined } },
  { key: 'engines.node', changes: { engines: { node: '>=18' } } },
  { key: 'homepage', changes: { homepage: 'https://example.org' } },
  {
    key: 'repository.directory',
    changes: { repository: { ...sound.repository, directory: 'packages/two' } },
  },
])('finds $key', ({ key, changes }) => {
  expect(problems(changes)).toEqual([expect.stringContaining(`packages/one/package.json: ${key}`)])
})

test('finds a public package that is not in the fixed group, and a name in the group that is no public package', () => {
  expect(problems({}, { fixed: ['@x/gone'] })).toEqual([
    '.changeset/config.json: add @x/one to "fixed", where all public packages stand',
    '.changeset/config.json: remove @x/gone from "fixed", it is no public package',
  ])
})

test('finds a dependency of a dependency that needs a newer Node', () => {
  expect(problems({}, { node: '>= 22' })).toEqual(['packages/one: deep@3.0.0 needs Node >= 22, not 20.19.0'])
})

test('ignores private packages', () => {
  expect(problems({ private: true, author: undefined }, { fixed: [] })).toEqual([])
})
