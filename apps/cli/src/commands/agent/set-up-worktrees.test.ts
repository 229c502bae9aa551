import { matching } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { useSetupMachine } from '../host/setup-machine.test.support.js'
import { readUserConfig } from '../../settings/config.js'
import { askToSetUpWorktrees } from './set-up-worktrees.js'

const machine = useSetupMachine()
const asked = { yes: false, json: false }
const config = () => readUserConfig(machine().terminal.environment).worktree.setUp

test('one yes is kept in the configuration, whose other text stays', async () => {
  const { terminal, write, read, home } = machine()
  write('project/package-lock.json', '{}')
  write('.config/subagent-mcp/config.jsonc', '{\n  // mine\n  "tools": "all"\n}\n')
  terminal.ask = () => Promise.resolve('y')
  expect(await askToSetUpWorktrees(asked, terminal)).toBe(0)
  expect(config()).toEqual({ [`${home}/project`]: { run: 'npm ci' } })
  expect(read('.config/subagent-mcp/config.jsonc')).toContain('// mine\n  "tools": "all"')
  expect(terminal.said.stdout).toContain('each new worktree of ~/project runs npm ci (worktree.setUp in ~/')
})

test("a project's own proposal is shown, and kept with its hash", async () => {
  const { terminal, write, home } = machine()
  write('project/.subagent-mcp/worktree.json', '{"run": "make deps\\u202E"}')
  const asked_: string[] = []
  terminal.ask = (question) => {
    asked_.push(question)
    return Promise.resolve('y')
  }
  expect(await askToSetUpWorktrees(asked, terminal)).toBe(0)
  expect(asked_.join()).toContain(
    '.subagent-mcp/worktree.json proposes: each new worktree of ~/project runs make deps',
  )
  expect(asked_.join()).not.toContain('\u202E')
  expect(config()).toEqual({
    [`${home}/project`]: { run: 'make deps\u202E', approved: matching(/^sha256-/) },
  })
  write('project/.subagent-mcp/worktree.json', '{"run": 1}')
  await expect(askToSetUpWorktrees(asked, terminal)).rejects.toMatchObject({ code: 'invalid-parameter' })
})

test('a no writes nothing, and a project without a known lock file is asked nothing', async () => {
  const { terminal, write } = machine()
  expect(await askToSetUpWorktrees(asked, terminal)).toBe(0)
  expect(terminal.said.stderr).toContain('its worktrees need no packages')
  write('project/uv.lock', '')
  terminal.ask = () => Promise.resolve('n')
  expect(await askToSetUpWorktrees(asked, terminal)).toBe(1)
  expect(config()).toEqual({})
})

test('a sub-agent cannot say yes', async () => {
  const { terminal, write } = machine()
  write('project/package-lock.json', '{}')
  terminal.isInsideAgent = () => true
  await expect(askToSetUpWorktrees({ ...asked, yes: true }, terminal)).rejects.toMatchObject({
    code: 'needs-person',
  })
  expect(config()).toEqual({})
})
