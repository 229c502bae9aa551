import { expect, test } from 'vitest'
import { checkVersions } from './check-versions.js'
import { makeTree } from './make-tree.js'

test('accepts one version of each dependency', () => {
  expect(problems({ zod: 'catalog:', execa: '9.6.1', '@x/b': 'workspace:*' }, { zod: 'catalog:' })).toEqual(
    [],
  )
})

test('accepts another version of a dependency under a name of its own', () => {
  expect(problems({ zod: 'catalog:', 'oldest-zod': 'npm:zod@3.0.0' })).toEqual([])
  expect(problems({ 'oldest-zod': 'npm:zod@^3.0.0' })).toHaveLength(1)
})

test('finds a range', () => {
  expect(problems({ execa: '^9.6.1' })).toEqual([
    'packages/a/package.json: pin execa, "^9.6.1" is not one version',
  ])
})

test('finds a range in the catalog', () => {
  expect(problems({}, {}, '^4.6.7')).toEqual(['pnpm-workspace.yaml: pin zod, "^4.6.7" is not one version'])
})

test('finds a dependency that two packages pin without the catalog', () => {
  expect(problems({ execa: '9.6.1' }, { execa: '9.6.0' })).toEqual([
    'packages/a/package.json: several packages need execa, put it in the catalog and say "catalog:"',
    'packages/b/package.json: several packages need execa, put it in the catalog and say "catalog:"',
  ])
})

test('accepts that an app repeats the version of the catalog, but no other version', () => {
  const app = (version: string) => ({
    'pnpm-workspace.yaml': 'packages:\n  - packages/*\n  - apps/*\n\ncatalog:\n  zod: 4.6.7\n',
    'packages/a/package.json': { name: '@x/a', dependencies: { zod: 'catalog:' } },
    'apps/b/package.json': { name: '@x/b', dependencies: { zod: version } },
  })
  expect(checkVersions(makeTree(app('4.6.7'))).problems).toEqual([])
  expect(checkVersions(makeTree(app('4.6.6'))).problems).toEqual([
    'apps/b/package.json: several packages need zod, put it in the catalog and say "catalog:"',
  ])
})

function problems(a: object, b: object = {}, zod = '4.6.7') {
  const root = makeTree({
    'pnpm-workspace.yaml': `packages:\n  - packages/*\n\ncatalog:\n  '@x/y': 1.0.0\n  zod: ${zod}\n`,
    'packages/a/package.json': { name: '@x/a', dependencies: a },
    'packages/b/package.json': { name: '@x/b', devDependencies: b },
  })
  return checkVersions(root).problems
}
