import { expect, test } from 'vitest'
import { checkLayers } from './check-layers.js'
import { makeTree } from './make-tree.js'

const driver = '@subagent-mcp/driver-claude'
const core = '@subagent-mcp/core'

const cases = [
  {
    fault: 'a dependency on the same layer',
    name: core,
    dependencies: [driver],
    says: `${driver} (layer 3) is not below ${core} (layer 3)`,
  },
  {
    fault: 'a development dependency on a higher layer',
    name: driver,
    devDependencies: ['subagent-mcp'],
    says: '(layer 7) is not below',
  },
  {
    fault: 'a forbidden dependency',
    name: '@subagent-mcp/mcp-server',
    dependencies: [driver],
    says: 'mcp-server must not depend on @subagent-mcp/driver-claude',
  },
  {
    fault: 'testkit in dependencies',
    name: driver,
    dependencies: ['@subagent-mcp/testkit'],
    says: 'for development only',
  },
  {
    fault: 'testkit in a package on which testkit depends',
    name: '@subagent-mcp/driver-kit',
    devDependencies: ['@subagent-mcp/testkit'],
    says: 'so @subagent-mcp/driver-kit cannot depend on it',
  },
  {
    fault: 'a dependency of testkit on a package that it may not see',
    name: '@subagent-mcp/testkit',
    dependencies: [core],
    says: `must not depend on ${core}`,
  },
  {
    fault: 'an outside dependency of the lowest layer',
    name: '@subagent-mcp/contract',
    dependencies: ['execa'],
    says: 'not on execa',
  },
  {
    fault: 'tooling in dependencies',
    name: core,
    dependencies: ['@subagent-mcp/checks'],
    says: 'move it to devDependencies',
  },
  {
    fault: 'a dependency on the end-to-end tests',
    name: core,
    devDependencies: ['@subagent-mcp/e2e'],
    says: 'no package may depend on',
  },
  {
    fault: 'a package without a layer',
    name: '@subagent-mcp/attic',
    says: '@subagent-mcp/attic has no layer',
  },
]

test.each(cases)('finds $fault', ({ name, dependencies = [], devDependencies = [], says }) => {
  const problems = dependencyProblems({ name, dependencies, devDependencies })
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(says)
})

test('accepts dependencies on lower layers', () => {
  const dependencies = ['@subagent-mcp/contract', '@subagent-mcp/driver-kit', 'zod']
  const devDependencies = ['@subagent-mcp/testkit', '@subagent-mcp/checks', 'vitest']
  expect(dependencyProblems({ name: driver, dependencies, devDependencies })).toEqual([])
})

test('finds a name in the table that is no package', () => {
  const { problems } = checkLayers(packageWith({ name: driver, dependencies: [], devDependencies: [] }))
  expect(problems).toContain(
    `tooling/checks/layers.ts: ${core} is no package of this repository; remove it from the table`,
  )
  expect(problems.filter((problem) => problem.includes(driver))).toEqual([])
})

/** Returns the problems of this package only, because the checkout lacks most packages that the layer table names. */
function dependencyProblems(one: One): readonly string[] {
  return checkLayers(packageWith(one)).problems.filter((problem) => !problem.includes('is no package'))
}

type One = { name: string; dependencies: readonly string[]; devDependencies: readonly string[] }

/** A checkout with this package, and with packages that stand outside the layers. */
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
