import { isPathInside, mcpServerName } from '@subagent-mcp/contract'
import { getValueAt, type HostId, type HostSetup } from '@subagent-mcp/installer'
import { basename, dirname, join } from 'node:path'
import type { DoctorContext, DoctorProblem } from './run-doctor-checks.js'
import { formatShellCommandInFolder, readHostFile, type HostWiring } from './host-wirings.js'

/** The data of a settings file of a host, of the user or of a project. */
export type HostSettings = { scope: HostSetup['scope']; path: string; data: unknown }

/**
 * The settings files of a host with this name: the user's, then that of the project of the wiring, or else of the current
 * project. With `beside`, the files of that name in the same folders. Files that cannot be read are left out.
 */
export function readHostSettings(
  { host, wiring }: HostWiring,
  context: DoctorContext,
  name: string,
  beside: string = name,
): HostSettings[] {
  const project = wiring.scope === 'project' ? wiring.project : context.project
  return (['user', 'project'] as const).flatMap((scope) => {
    const changes = host.changes(context.machine, { ...wiring, scope, project })
    const change = changes.find(({ path }) => basename(path) === name)
    if (change === undefined) return []
    const path = join(dirname(change.path), beside)
    const file = readHostFile({ ...change, path })
    return file.type === 'data' ? [{ scope, path, data: file.data }] : []
  })
}

/** Finds the switches in a host's settings that turn off the hooks or tools of subagent-mcp, although their entries exist. */
export function findDisablingHostSwitches(hostWiring: HostWiring, context: DoctorContext): DoctorProblem[] {
  const { host, wiring } = hostWiring
  const file = host.id === 'codex' ? 'config.toml' : 'settings.json'
  const settings = [
    ...readHostSettings(hostWiring, context, file),
    ...(file === 'settings.json' ? readHostSettings(hostWiring, context, file, 'settings.local.json') : []),
  ]
  const relevant = switches.filter(
    ({ host: id, what }) => id === host.id && (wiring.hooks || what !== 'hooks'),
  )
  return relevant.flatMap(({ what, name, isOff }) =>
    settings.filter(isOff).map(({ path }) => ({
      severity: what === 'hooks' ? 'warning' : 'error',
      what: `${host.label}: our ${what} are turned off by ${name}: ${path}`,
      mend: `take ${name} out of ${path}`,
    })),
  )
}

type Switch = {
  host: HostId
  /** The entries of subagent-mcp that the switch of the host turns off. */
  what: 'hooks' | 'tools'
  name: string
  isOff(settings: HostSettings): boolean
}

const switches: readonly Switch[] = [
  switchAt('claude', 'hooks', ['disableAllHooks'], true),
  switchAt('codex', 'hooks', ['features', 'hooks'], false),
  switchAt('gemini', 'hooks', ['hooksConfig', 'enabled'], false),
  switchAt('codex', 'tools', ['mcp_servers', mcpServerName, 'enabled'], false),
  ...[`mcp__${mcpServerName}`, `mcp__${mcpServerName}__*`].map((rule): Switch => ({
    host: 'claude',
    what: 'tools',
    name: `${rule} of permissions.deny`,
    isOff: ({ data }) => includes(getValueAt(data, ['permissions', 'deny']), rule),
  })),
]

function switchAt(host: HostId, what: Switch['what'], path: readonly string[], value: boolean): Switch {
  const name = `${path.join('.')} = ${value}`
  return { host, what, name, isOff: ({ data }) => getValueAt(data, path) === value }
}

/** Returns the problem of a project that a host does not trust yet, because it ignores the files of such a project. */
export function findUntrustedProjectProblem(hostWiring: HostWiring, context: DoctorContext): DoctorProblem[] {
  const { host, wiring } = hostWiring
  const { scope, project } = wiring
  const question = scope === 'project' ? openQuestion(hostWiring, context) : undefined
  if (question === undefined) return []
  const what = `${host.label} ignores the files in ${project} until ${question}`
  return [
    {
      severity: 'warning',
      what,
      mend: `${formatShellCommandInFolder(project, [host.id], context)}, and say yes in it`,
    },
  ]
}

function openQuestion(hostWiring: HostWiring, context: DoctorContext): string | undefined {
  switch (hostWiring.host.id) {
    case 'claude':
      return isApprovedByClaude(hostWiring, context) ? undefined : 'you say that its servers are wanted'
    case 'codex':
      return isTrustedByCodex(hostWiring, context) ? undefined : 'you trust the project'
    case 'gemini':
      return isTrustedByGemini(hostWiring, context) ? undefined : 'you trust the folder'
    default:
      return undefined
  }
}

/** Claude Code stores whether a project is trusted in its settings files or in its state. A refusal in one of them decides. */
function isApprovedByClaude(hostWiring: HostWiring, context: DoctorContext): boolean {
  const state = userData(readHostSettings(hostWiring, context, '.claude.json'))
  const answers = [
    ...readHostSettings(hostWiring, context, 'settings.json').map(({ data }) => data),
    ...readHostSettings(hostWiring, context, 'settings.json', 'settings.local.json').map(({ data }) => data),
    getValueAt(state, ['projects', hostWiring.wiring.project]),
  ]
  const names = (key: string) => answers.some((data) => includes(getValueAt(data, [key]), mcpServerName))
  const isForAll = answers.some((data) => getValueAt(data, ['enableAllProjectMcpServers']) === true)
  return !names('disabledMcpjsonServers') && (isForAll || names('enabledMcpjsonServers'))
}

function isTrustedByCodex(hostWiring: HostWiring, context: DoctorContext): boolean {
  const user = userData(readHostSettings(hostWiring, context, 'config.toml'))
  return getValueAt(user, ['projects', hostWiring.wiring.project, 'trust_level']) === 'trusted'
}

/** Whether Gemini CLI trusts a folder: by an entry for the folder or for one above it. */
function isTrustedByGemini(hostWiring: HostWiring, context: DoctorContext): boolean {
  const user = userData(readHostSettings(hostWiring, context, 'settings.json'))
  if (getValueAt(user, ['security', 'folderTrust', 'enabled']) === false) return true
  if (context.environment['GEMINI_CLI_TRUST_WORKSPACE'] === 'true') return true
  const { project } = hostWiring.wiring
  const folders = userData(readHostSettings(hostWiring, context, 'settings.json', 'trustedFolders.json'))
  return Object.entries(folders ?? {}).some(
    ([path, trust]) =>
      (trust === 'TRUST_FOLDER' && isPathInside(path, project)) ||
      (trust === 'TRUST_PARENT' && isPathInside(dirname(path), project)),
  )
}

/** Returns the user's settings of a host. Those of projects do not count, because a project cannot declare itself trusted. */
function userData(settings: readonly HostSettings[]): unknown {
  return settings.find(({ scope }) => scope === 'user')?.data
}

function includes(list: unknown, word: string): boolean {
  return Array.isArray(list) && list.includes(word)
}
