import { expect, test } from 'vitest'
import { openServiceStage } from './agent-service.test.support.js'

const asked = { cwd: undefined, pooled: false }
const pooled = { cwd: undefined, pooled: true }

test('only a definition of the user chooses an account, which separates pools', () => {
  const { agents, define, driver, supervisor, write } = openServiceStage()
  Object.assign(driver, { account: { variable: 'CLAUDE_CONFIG_DIR', signIn: /^KEY$/ } })
  Object.assign(supervisor.drivers.get('claude') ?? {}, { account: driver.account })
  Object.assign(supervisor.accounts, { work: { provider: 'claude', folder: '/work' } })
  const path = define('theirs', ['account: work'])
  expect(() => agents().launchTemplate('theirs', asked)).toThrow(
    `${path}:4: agent 'theirs' would use your account`,
  )
  for (const [name, account] of [
    ['own', 'work'],
    ['odd', 'play'],
  ])
    write(`../home/.subagent-mcp/agents/${name}.md`, [
      '---',
      `name: ${name}`,
      'description: x',
      `account: ${account}`,
      '---',
      'x',
    ])
  expect(agents().launchTemplate('own', asked).template.account).toBe('work')
  const { pool } = agents().launchTemplate('own', pooled).template
  Reflect.deleteProperty(supervisor.accounts, 'work')
  Object.assign(supervisor.accounts, { work: { provider: 'claude', folder: '/elsewhere' } })
  expect(agents().launchTemplate('own', pooled).template.pool?.key).not.toBe(pool?.key)
  expect(() => agents().launchTemplate('odd', pooled)).toThrow("no account 'play'")
})
