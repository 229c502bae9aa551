import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { isOurs } from '../edit/ours.js'
import { hookCommand, ourHooks } from './hook-command.js'
import { bareMachine, fullWiring } from './machine.test.support.js'

const npx = { command: 'npx', args: ['-y', 'subagent-mcp@1.2.3'] }
const windowsNpx = { command: 'cmd', args: ['/c', 'npx', '-y', 'subagent-mcp@1.2.3'] }
const spaced = { command: '/opt/my node/node', args: ["/home/o'hara/subagent-mcp.js"] }
const windows = {
  command: String.raw`C:\Program Files\nodejs\node.exe`,
  args: [String.raw`C:\npm\subagent-mcp.js`],
}

test.each([
  { platform: 'linux', host: 'claude', server: npx, line: 'npx -y subagent-mcp@1.2.3 hook claude' },
  {
    platform: 'darwin',
    host: 'gemini',
    server: spaced,
    line: String.raw`'/opt/my node/node' '/home/o'\''hara/subagent-mcp.js' hook gemini`,
  },
  {
    platform: 'win32',
    host: 'claude',
    server: windows,
    line: '"C:/Program Files/nodejs/node.exe" C:/npm/subagent-mcp.js hook claude',
  },
  {
    platform: 'win32',
    host: 'codex',
    server: windows,
    line: '"C:/Program Files/nodejs/node.exe" C:/npm/subagent-mcp.js hook codex',
  },
  {
    platform: 'win32',
    host: 'gemini',
    server: windows,
    line: "& 'C:/Program Files/nodejs/node.exe' C:/npm/subagent-mcp.js hook gemini",
  },
  ...(['claude', 'codex', 'gemini'] as const).map((host) => {
    const line = `npx -y subagent-mcp@1.2.3 hook ${host}`
    return { platform: 'win32', host, server: windowsNpx, line } as const
  }),
] as const)('on $platform $host runs $line', ({ platform, host, server, line }) => {
  expect(hookCommand(bareMachine({ platform }), fullWiring({ server }), host)).toBe(line)
})

test('a shell takes it apart again into the same words', () => {
  const server = { command: '/bin/echo', args: ["it's", 'a b', '$HOME', '`id`', '"', '\\'] }
  const line = hookCommand(bareMachine(), fullWiring({ server }), 'claude')
  const echoed = execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' })
  expect(echoed).toBe(`${server.args.join(' ')} hook claude\n`)
})

test.each([
  ['npx -y subagent-mcp@1.2.3 hook claude', true],
  ['node /old/place/node_modules/subagent-mcp/bin/subagent-mcp.js hook claude', true],
  ["'/opt/my node/node' '/x/subagent-mcp.js' hook claude", true],
  ['npx -y subagent-mcp@1.2.3 hook codex', false],
  ['node /x/other.js hook claude', false],
  ['subagent-mcp status', false],
])('%s is ours: %s', (command, ours) => {
  expect(isOurs({ hooks: [{ type: 'command', command }] }, ourHooks('claude'))).toBe(ours)
})
