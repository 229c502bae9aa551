import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { buildDaemonServiceCommand } from './daemon-service.js'

test('what runs is named by paths that last, with what it needs and nobody’s keys', () => {
  const home = mkdtempSync(join(tmpdir(), 'service-'))
  onTestFinished(() => {
    rmSync(home, { recursive: true })
  })
  const environment = {
    ...{
      HOME: home,
      SUBAGENT_MCP_HOME: join(home, 'ours'),
      API_KEY: 'secret',
      SUBAGENT_MCP_CLAUDE_PATH: '/c',
    },
    PATH: `/run/fnm_multishells/1/bin:relative:/usr/bin`,
  }
  const from = {
    node: '/n/node',
    script: '/s/bin/subagent-mcp.js',
    version: '1',
    platform: 'linux',
    path: '',
  } as const
  expect(buildDaemonServiceCommand(environment, from)).toEqual({
    command: ['/n/node', '/s/bin/subagent-mcp.js', 'daemon', 'run', '--log', '--stay'],
    environment: { PATH: '/usr/bin', SUBAGENT_MCP_HOME: join(home, 'ours'), SUBAGENT_MCP_CLAUDE_PATH: '/c' },
    stopSeconds: 40,
  })
  const fleeting = { ...from, script: '/home/me/.npm/_npx/ab/node_modules/subagent-mcp/bin/subagent-mcp.js' }
  expect(() => buildDaemonServiceCommand(environment, fleeting)).toThrow('may be gone any day')
})
