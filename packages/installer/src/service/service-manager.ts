import { SubagentError } from '@subagent-mcp/contract'
import { join } from 'node:path'
import type { Words } from '../releases/run-words.js'
import { userHome } from '@subagent-mcp/definitions'
import { launchdLabel, launchdPlist, systemdUnit, type ServiceProgram } from './service-text.js'

/** What keeps services for a user on this system, as the words to be run. */
export type ServiceManager = {
  /** Where the file of the service is. */
  path: string
  text(program: ServiceProgram): string
  /** Starts it now, and at each login. */
  enable: readonly Words[]
  /** For a file that was changed while its service runs. */
  renew: string
  disable: readonly Words[]
  /** When the file is gone. */
  forget: readonly Words[]
  /** Prints what it is; fails where it is not known. */
  look: Words
  stateIn(printed: string): string
  /** What a user may want to know. */
  note: string
}

/** That of this system. @throws SubagentError `not-supported` where there is none of the known ones */
export function serviceManager(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): ServiceManager {
  if (platform === 'darwin') return launchd(environment)
  if (platform === 'linux') return systemd(environment)
  throw notSupported(platform)
}

const unit = 'subagent-mcp.service'

function systemd(environment: NodeJS.ProcessEnv): ServiceManager {
  const config = environment['XDG_CONFIG_HOME'] || join(userHome(environment), '.config')
  const systemctl = (...words: string[]): Words => ['systemctl', '--user', ...words]
  return {
    path: join(config, 'systemd', 'user', unit),
    text: systemdUnit,
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

function launchd(environment: NodeJS.ProcessEnv): ServiceManager {
  const domain = `gui/${process.getuid?.() ?? 501}`
  const path = join(userHome(environment), 'Library', 'LaunchAgents', `${launchdLabel}.plist`)
  const service = `${domain}/${launchdLabel}`
  const bootout: Words = ['launchctl', 'bootout', service]
  return {
    path,
    text: launchdPlist,
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
