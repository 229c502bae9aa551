import { expect, test } from 'vitest'
import { checkFloors } from './check-floors.js'
import { makeTree } from './make-tree.js'

const driver = '@subagent-mcp/driver-claude'
const core = '@subagent-mcp/core'

const cases = [
  {
    fault: 'beside',
    name: core,
    dependencies: [driver],
    says: `${driver} (floor 2) is not below ${core} (floor 2)`,
  },
  {
    fault: 'up, for tests only',
    name: driver,
    devDependencies: ['subagent-mcp'],
    says: '(floor 5) is not below',
  },
  {
    fault: 'a stranger',
    name: '@subagent-mcp/mcp-server',
    dependencies: [driver],
    says: 'mcp-server must not know @subagent-mcp/driver-claude',
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
    says: 'cannot be seen from there',
  },
  {
    fault: 'testkit too high',
    name: '@subagent-mcp/testkit',
    dependencies: [core],
    says: `must not see ${core}`,
  },
  {
    fault: 'the ground takes more',
    name: '@subagent-mcp/contract',
    dependencies: ['execa'],
    says: 'not execa',
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
    says: 'nothing in the house sees',
  },
  { fault: 'no floor', name: '@subagent-mcp/attic', says: '@subagent-mcp/attic has no floor' },
]

test.each(cases)('finds $fault', ({ name, dependencies = [], devDependencies = [], says }) => {
  const { problems } = checkFloors(house({ name, dependencies, devDependencies }))
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(says)
})

test('is content with imports that go down', () => {
  const dependencies = ['@subagent-mcp/contract', '@subagent-mcp/driver-kit', 'zod']
  const devDependencies = ['@subagent-mcp/testkit', '@subagent-mcp/checks', 'vitest']
  expect(checkFloors(house({ name: driver, dependencies, devDependencies })).problems).toEqual([])
})

type One = { name: string; dependencies: readonly string[]; devDependencies: readonly string[] }

/** A package with these dependencies, in a checkout that also has what is outside the floors. */
function house({ name, dependencies, devDependencies }: One) {
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
