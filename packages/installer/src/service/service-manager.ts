import { SubagentError } from '@subagent-mcp/contract'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { TypedCommand } from '../releases/run-command.js'
import { launchdLabel, formatLaunchdPlist, formatSystemdUnit, type ServiceCommand } from './service-text.js'

/** The program of a system that runs services for a user: the file of ours, and the commands for it. */
export type ServiceManager = {
  path: string
  text(program: ServiceCommand): string
  enable: readonly TypedCommand[]
  /** The command line that restarts a service which still runs with an older file. */
  renew: string
  disable: readonly TypedCommand[]
  /** The commands to run after the service's file was removed. */
  forget: readonly TypedCommand[]
  /** The command that prints the state of the service; it fails when the system does not know the service. */
  look: TypedCommand
  /** Reads the state of the service from the output of `look`. */
  stateIn(printed: string): string
  /** A remark about the service for the user. */
  note: string
}

/** systemd on Linux, launchd on macOS. @throws SubagentError `not-supported` on other systems, with a hint what to do there */
export function getServiceManager(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): ServiceManager {
  const home = environment['HOME'] || homedir()
  if (platform === 'darwin') return launchd(home)
  if (platform === 'linux') return systemd(environment['XDG_CONFIG_HOME'] || join(home, '.config'))
  throw notSupported(platform)
}

const unit = 'subagent-mcp.service'

function systemd(config: string): ServiceManager {
  const systemctl = (...words: string[]): TypedCommand => ['systemctl', '--user', ...words]
  return {
    path: join(config, 'systemd', 'user', unit),
    text: formatSystemdUnit,
    enable: [systemctl('daemon-reload'), systemctl('enable', '--now', unit)],
    renew: `systemctl --user restart ${unit}`,
    disable: [systemctl('disable', '--now', unit)],
    forget: [systemctl('daemon-reload')],
    look: systemctl('show', unit, '--property=ActiveState', '--property=UnitFileState'),
    stateIn: (printed) =>
      printed
        .split('\n')
        .map((line) => line.slice(line.indexOf('=') + 1).trim())
        .filter((word) => word !== '')
        .sort()
        .join(', '),
    note: 'it runs while you are logged in; without that too: loginctl enable-linger',
  }
}

function launchd(home: string): ServiceManager {
  const domain = `gui/${process.getuid?.() ?? 501}`
  const path = join(home, 'Library', 'LaunchAgents', `${launchdLabel}.plist`)
  const service = `${domain}/${launchdLabel}`
  const bootout: TypedCommand = ['launchctl', 'bootout', service]
  return {
    path,
    text: formatLaunchdPlist,
    enable: [['launchctl', 'bootstrap', domain, path]],
    renew: `${bootout.join(' ')}; launchctl bootstrap ${domain} ${path}`,
    disable: [bootout],
    forget: [],
    look: ['launchctl', 'print', service],
    stateIn: (printed) => /^\s*state = (.+)$/m.exec(printed)?.[1]?.trim() ?? 'known',
    note: 'it runs while you are logged in',
  }
}

function notSupported(platform: NodeJS.Platform): SubagentError {
  const hint =
    platform === 'win32'
      ? 'have the Task Scheduler start it: schtasks /Create /TN subagent-mcp /SC ONLOGON /TR "subagent-mcp daemon start"'
      : 'have your system run this at login: subagent-mcp daemon start'
  return new SubagentError('not-supported', `there is no service for ${platform} yet`, { hint })
}
