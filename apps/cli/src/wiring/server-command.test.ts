import { expect, test } from 'vitest'
import { serverCommand, type Running } from './server-command.js'

test('is what runs, by its whole path', () => {
  const script = '/usr/lib/node_modules/subagent-mcp/bin/subagent-mcp.js'
  expect(serverCommand(running({ script }))).toEqual({ command: '/usr/bin/node', args: [script] })
})

test.each([
  '/home/me/.npm/_npx/0a1b/node_modules/subagent-mcp/bin/subagent-mcp.js',
  '/home/me/.cache/pnpm/dlx/x/node_modules/subagent-mcp/bin/subagent-mcp.js',
  '/tmp/bunx-1000-subagent-mcp@latest/node_modules/subagent-mcp/bin/subagent-mcp.js',
  String.raw`C:\Users\me\AppData\Local\npm-cache\_npx\0a1b\node_modules\subagent-mcp\bin\subagent-mcp.js`,
])('is the pinned package out of a cache: %s', (script) => {
  expect(serverCommand(running({ script }))).toEqual({ command: 'npx', args: ['-y', 'subagent-mcp@1.2.3'] })
  expect(serverCommand(running({ script, platform: 'win32' }))).toEqual({
    command: 'cmd',
    args: ['/c', 'npx', '-y', 'subagent-mcp@1.2.3'],
  })
})

function running(given: Partial<Running>): Running {
  return { node: '/usr/bin/node', script: '', version: '1.2.3', platform: 'linux', ...given }
}
