import { hosts, type HostSetup, type HostMachine } from '@subagent-mcp/installer'
import {
  decideToolCall,
  noPermissionRules,
  parseToolCall,
  type ToolCallContext,
} from '@subagent-mcp/permissions'
import { expect, test } from 'vitest'

const project = '/work/project'
const machine: HostMachine = {
  platform: 'linux',
  home: '/home/ada',
  environment: {},
  exists: () => false,
  executable: () => undefined,
}
const wiring: HostSetup = {
  server: { command: '/usr/bin/node', args: [] },
  scope: 'project',
  project,
  hooks: true,
  suppressNative: true,
  forward: [],
}
const place: ToolCallContext = { cwd: project, home: '/home/ada', realPath: (path) => path, names: () => [] }
const files = hosts.flatMap((host) => host.changes(machine, wiring).map(({ path }) => path))

test.each(files)('what setup writes into a project for a host is asked for in ask: %s', (file_path) => {
  const call = parseToolCall('claude', { tool: 'Write', input: { file_path } }, place)
  const policy = { preset: 'ask', rules: noPermissionRules, testCommands: [] } as const
  expect(decideToolCall(policy, call, place).verdict).toBe('ask')
})
