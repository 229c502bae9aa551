import { serverName, valueAt } from '@subagent-mcp/installer'
import { dirname, isAbsolute, relative } from 'node:path'
import type { Context, Trouble } from './check.js'
import { commandIn } from './setup-again.js'
import { includes, settingsOf, type Settings } from './settings-of.js'
import type { HostWiring } from './wirings.js'

/** What a host does not read of a project yet: it wants a person to say yes in it first. */
export function untrustedProject(hostWiring: HostWiring, context: Context): Trouble[] {
  const { host, wiring } = hostWiring
  const { scope, project } = wiring
  if (scope !== 'project') return []
  const question = openQuestion(hostWiring, context)
  if (question === undefined) return []
  const what = `${host.label} passes by what is in ${project} until ${question}`
  return [{ severity: 'warning', what, mend: `${commandIn(project, [host.id], context)}, and say yes in it` }]
}

function openQuestion(hostWiring: HostWiring, context: Context): string | undefined {
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

/** The answer is in any of its settings, or in its state; a no outweighs all. */
function isApprovedByClaude(hostWiring: HostWiring, context: Context): boolean {
  const state = userData(settingsOf(hostWiring, context, '.claude.json'))
  const answers = [
    ...settingsOf(hostWiring, context, 'settings.json').map(({ data }) => data),
    ...settingsOf(hostWiring, context, 'settings.json', 'settings.local.json').map(({ data }) => data),
    valueAt(state, ['projects', hostWiring.wiring.project]),
  ]
  const names = (key: string) => answers.some((data) => includes(valueAt(data, [key]), serverName))
  const isForAll = answers.some((data) => valueAt(data, ['enableAllProjectMcpServers']) === true)
  return !names('disabledMcpjsonServers') && (isForAll || names('enabledMcpjsonServers'))
}

function isTrustedByCodex(hostWiring: HostWiring, context: Context): boolean {
  const user = userData(settingsOf(hostWiring, context, 'config.toml'))
  return valueAt(user, ['projects', hostWiring.wiring.project, 'trust_level']) === 'trusted'
}

/** By the folder itself, or one above it. */
function isTrustedByGemini(hostWiring: HostWiring, context: Context): boolean {
  const user = userData(settingsOf(hostWiring, context, 'settings.json'))
  if (valueAt(user, ['security', 'folderTrust', 'enabled']) === false) return true
  if (context.environment['GEMINI_CLI_TRUST_WORKSPACE'] === 'true') return true
  const { project } = hostWiring.wiring
  const folders = userData(settingsOf(hostWiring, context, 'settings.json', 'trustedFolders.json'))
  const entries = Object.entries(folders ?? {})
  return entries.some(
    ([path, trust]) =>
      (trust === 'TRUST_FOLDER' && isWithin(project, path)) ||
      (trust === 'TRUST_PARENT' && isWithin(project, dirname(path))),
  )
}

/** A project cannot trust itself. */
function userData(settings: readonly Settings[]): unknown {
  return settings.find(({ scope }) => scope === 'user')?.data
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return !way.startsWith('..') && !isAbsolute(way)
}
