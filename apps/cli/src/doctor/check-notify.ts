import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createDaemonEnvironment } from '@subagent-mcp/daemon'
import { buildChildEnvironment, findExecutable } from '@subagent-mcp/driver-kit'
import { findDesktopNoticeProgram, type DesktopMachine } from '../notify/desktop.js'
import { getConfigPath } from '../settings/config.js'
import type { NotifySettings } from '../settings/notify-settings.js'
import { readUserSettings } from '../settings/user-settings.js'
import {
  createNoteFinding,
  createOkFinding,
  type DoctorContext,
  type DoctorFinding,
} from './run-doctor-checks.js'

/** Checks how the user is notified of agents, and whether the programs for it exist. Sends nothing. */
export function checkNotify({ environment }: Pick<DoctorContext, 'environment'>): DoctorFinding[] {
  const { notify } = readUserSettings(environment).config
  const ways = waysOf(notify)
  if (ways.length === 0) {
    const what = `off: notify in ${getConfigPath(environment)} tells you of agents that ask or end unread`
    return [createNoteFinding(what)]
  }
  const desktop = {
    platform: process.platform,
    environment: buildChildEnvironment(createDaemonEnvironment(environment)),
  }
  const { on, after } = notify
  const events = on.map((event) => (event === 'asks' ? `asks (${after.asks} s)` : `ended (${after.ended} s)`))
  const what = `by ${ways.join(', ')}, when an agent ${events.join(' or ')}; test it: subagent-mcp notify --test`
  return [createOkFinding(what), ...desktopProblems(notify, desktop), ...commandProblems(notify, desktop)]
}

function waysOf({ desktop, command, webhook }: NotifySettings): readonly string[] {
  return [
    ...(desktop ? ['desktop'] : []),
    ...(command ? ['command'] : []),
    ...(webhook === undefined ? [] : ['webhook']),
  ]
}

function desktopProblems({ desktop: isOn }: NotifySettings, desktop: DesktopMachine): DoctorFinding[] {
  if (!isOn) return []
  const { platform, environment } = desktop
  if (findDesktopNoticeProgram(desktop) === undefined) {
    const mend = platform === 'linux' ? 'install notify-send (libnotify-bin, or libnotify)' : 'mend PATH'
    const what = 'desktop: no program for it is installed, so that only commands in a terminal signal there'
    return [{ severity: 'warning', what, mend }]
  }
  const { DBUS_SESSION_BUS_ADDRESS: bus = '', XDG_RUNTIME_DIR: folder = '' } = environment
  if (platform !== 'linux' || bus !== '' || (folder !== '' && existsSync(join(folder, 'bus')))) return []
  const what = 'desktop: there is no session bus here, which notify-send needs'
  return [
    { severity: 'warning', what, mend: 'start the daemon from your desktop: subagent-mcp daemon restart' },
  ]
}

function commandProblems(
  { command }: NotifySettings,
  { platform, environment }: DesktopMachine,
): DoctorFinding[] {
  const [name] = command ?? []
  if (name === undefined || /[\\/]/.test(name)) return []
  if (findExecutable({ name, environment, platform }) !== undefined) return []
  return [{ severity: 'warning', what: `command: there is no ${name} on PATH`, mend: 'give its whole path' }]
}
