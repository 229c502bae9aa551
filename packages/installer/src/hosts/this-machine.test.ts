import { hosts } from './hosts.js'
import { expect, test } from 'vitest'
import { describeThisMachine } from './this-machine.js'

test('a relative folder of a host is resolved once, in the folder of the command', () => {
  const environment = { CLAUDE_CONFIG_DIR: 'cc', CODEX_HOME: '/cx', GEMINI_CLI_HOME: '', PATH: 'bin' }
  const machine = describeThisMachine({ environment, home: '/home/me', cwd: '/work' })
  expect(machine.environment).toEqual({ ...environment, CLAUDE_CONFIG_DIR: '/work/cc' })
  expect(hosts.flatMap((host) => host.instructions?.(machine) ?? [])).toEqual([
    '/work/cc/CLAUDE.md',
    '/cx/AGENTS.md',
    '/home/me/.gemini/GEMINI.md',
  ])
})
