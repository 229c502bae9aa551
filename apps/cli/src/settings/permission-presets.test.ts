import { hosts, type HostMachine, type Wiring } from '@subagent-mcp/installer'
import { decide, noRules, understand, type Place } from '@subagent-mcp/permissions'
import { expect, test } from 'vitest'

const project = '/work/project'
const machine: HostMachine = {
  platform: 'linux',
  home: '/home/ada',
  environment: {},
  exists: () => false,
  executable: () => undefined,
}
const wiring: Wiring = {
  server: { command: '/usr/bin/node', args: [] },
  scope: 'project',
  project,
  hooks: true,
  suppressNative: true,
  forward: [],
}
const place: Place = { cwd: project, home: '/home/ada', realPath: (path) => path, names: () => [] }
const files = hosts.flatMap((host) => host.changes(machine, wiring).map(({ path }) => path))

test.each(files)('what setup writes into a project for a host is asked for in ask: %s', (file_path) => {
  const call = understand('claude', { tool: 'Write', input: { file_path } }, place)
  const policy = { preset: 'ask', rules: noRules, testCommands: [] } as const
  expect(decide(policy, call, place).verdict).toBe('ask')
})
