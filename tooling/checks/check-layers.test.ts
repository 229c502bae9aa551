import { expect, test } from 'vitest'
import { checkLayers } from './check-layers.js'
import { makeTree } from './make-tree.js'

const driver = '@subagent-mcp/driver-claude'
const core = '@subagent-mcp/core'

const cases = [
  {
    fault: 'beside',
    name: core,
    dependencies: [driver],
    says: `${driver} (layer 3) is not below ${core} (layer 3)`,
  },
  {
    fault: 'up, for tests only',
    name: driver,
    devDependencies: ['subagent-mcp'],
    says: '(layer 7) is not below',
  },
  {
    fault: 'a forbidden package',
    name: '@subagent-mcp/mcp-server',
    dependencies: [driver],
    says: 'mcp-server must not depend on @subagent-mcp/driver-claude',
  },
  {
    fault: 'testkit shipped',
    name: driver,
    dependencies: ['@subagent-mcp/testkit'],
    says: 'for development only',
  },
  {
    fault: 'testkit from below it',
    name: '@subagent-mcp/driver-kit',
    devDependencies: ['@subagent-mcp/testkit'],
    says: 'so @subagent-mcp/driver-kit cannot depend on it',
  },
  {
    fault: 'testkit too high',
    name: '@subagent-mcp/testkit',
    dependencies: [core],
    says: `must not depend on ${core}`,
  },
  {
    fault: 'the lowest layer takes more',
    name: '@subagent-mcp/contract',
    dependencies: ['execa'],
    says: 'not on execa',
  },
  {
    fault: 'tooling shipped',
    name: core,
    dependencies: ['@subagent-mcp/checks'],
    says: 'belongs in devDependencies',
  },
  {
    fault: 'end to end',
    name: core,
    devDependencies: ['@subagent-mcp/e2e'],
    says: 'no package may depend on',
  },
  { fault: 'no layer', name: '@subagent-mcp/attic', says: '@subagent-mcp/attic has no layer' },
]

test.each(cases)('finds $fault', ({ name, dependencies = [], devDependencies = [], says }) => {
  const problems = dependencyProblems({ name, dependencies, devDependencies })
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(says)
})

test('is content with imports that go down', () => {
  const dependencies = ['@subagent-mcp/contract', '@subagent-mcp/driver-kit', 'zod']
  const devDependencies = ['@subagent-mcp/testkit', '@subagent-mcp/checks', 'vitest']
  expect(dependencyProblems({ name: driver, dependencies, devDependencies })).toEqual([])
})

test('finds a name in the table that is no package', () => {
  const { problems } = checkLayers(packageWith({ name: driver, dependencies: [], devDependencies: [] }))
  expect(problems).toContain(`tooling/checks/layers.ts: ${core} is no package of this repository`)
  expect(problems.filter((problem) => problem.includes(driver))).toEqual([])
})

/** What is found in the package itself: the tree has none of the other packages that the table names. */
function dependencyProblems(one: One): readonly string[] {
  return checkLayers(packageWith(one)).problems.filter((problem) => !problem.includes('is no package'))
}

type One = { name: string; dependencies: readonly string[]; devDependencies: readonly string[] }

/** A package with these dependencies, in a checkout that also has what is outside the layers. */
function packageWith({ name, dependencies, devDependencies }: One) {
  return makeTree({
    'package.json': { name: 'subagent-mcp-monorepo' },
    'packages/one/package.json': {
      name,
      dependencies: versions(dependencies),
      devDependencies: versions(devDependencies),
    },
    'tooling/checks/package.json': { name: '@subagent-mcp/checks' },
    'e2e/package.json': { name: '@subagent-mcp/e2e', dependencies: { [core]: 'workspace:*' } },
  })
}

function versions(names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, 'workspace:*']))
}
