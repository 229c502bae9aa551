import { existsSync } from 'node:fs'
import { hosts } from './hosts.js'
import type { Host, HostId, HostMachine, HostSetup } from './host.js'

/** A machine with nothing on it. */
export function bareMachine(given: Partial<HostMachine> = {}): HostMachine {
  const home = given.platform === 'win32' ? String.raw`C:\Users\ada` : '/home/ada'
  return {
    platform: 'linux',
    home,
    environment: {},
    exists: () => false,
    executable: () => undefined,
    ...given,
  }
}

/** A test machine whose files are real ones below `home`. */
export function realMachine(home: string): HostMachine {
  return bareMachine({ home, exists: existsSync })
}

/** The wiring of a user with every option on. */
export function fullWiring(given: Partial<HostSetup> = {}): HostSetup {
  return {
    server: { command: '/usr/bin/node', args: ['/opt/subagent-mcp/bin/subagent-mcp.js'] },
    scope: 'user',
    project: '/work/project',
    hooks: true,
    suppressNative: true,
    statusLine: true,
    forward: ['ANTHROPIC_API_KEY', 'CLAUDE_CONFIG_DIR'],
    ...given,
  }
}

/** A host by its id. */
export function hostById(id: HostId): Host {
  const host = hosts.find((candidate) => candidate.id === id)
  if (host === undefined) throw new Error(`no host ${id}`)
  return host
}
