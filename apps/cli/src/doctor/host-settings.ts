import { serverName, valueAt, type HostId } from '@subagent-mcp/installer'
import type { Context, Trouble } from './check.js'
import { includes, settingsOf, type Settings } from './settings-of.js'
import type { HostWiring } from './wirings.js'

/** What somebody turned off of what setup wrote: it is there, and the host passes it by. */
export function switchedOff(hostWiring: HostWiring, context: Context): Trouble[] {
  const file = settingsFiles[hostWiring.host.id]
  if (file === undefined) return []
  const settings = [
    ...settingsOf(hostWiring, context, file),
    ...(file === 'settings.json' ? settingsOf(hostWiring, context, file, 'settings.local.json') : []),
  ]
  return switches
    .filter(({ host, ofHooks }) => host === hostWiring.host.id && (hostWiring.wiring.hooks || !ofHooks))
    .flatMap((one) => settings.filter(one.isOff).map(({ path }) => told(hostWiring, one, path)))
}

const settingsFiles: Partial<Record<HostId, string>> = {
  claude: 'settings.json',
  codex: 'config.toml',
  gemini: 'settings.json',
}

type Switch = { host: HostId; ofHooks: boolean; name: string; isOff(settings: Settings): boolean }

const switches: readonly Switch[] = [
  off('claude', 'hooks', ['disableAllHooks'], true),
  off('codex', 'hooks', ['features', 'hooks'], false),
  off('gemini', 'hooks', ['hooksConfig', 'enabled'], false),
  off('codex', 'tools', ['mcp_servers', serverName, 'enabled'], false),
  ...[`mcp__${serverName}`, `mcp__${serverName}__*`].map((rule): Switch => ({
    ...{ host: 'claude', ofHooks: false, name: `${rule} of permissions.deny` },
    isOff: ({ data }) => includes(valueAt(data, ['permissions', 'deny']), rule),
  })),
]

function off(host: HostId, what: 'hooks' | 'tools', path: readonly string[], value: boolean): Switch {
  return {
    ...{ host, ofHooks: what === 'hooks', name: `${path.join('.')} = ${value}` },
    isOff: ({ data }) => valueAt(data, path) === value,
  }
}

function told({ host }: HostWiring, { ofHooks, name }: Switch, path: string): Trouble {
  const what = `${host.label}: our ${ofHooks ? 'hooks' : 'tools'} are turned off by ${name}: ${path}`
  return { severity: ofHooks ? 'warning' : 'error', what, mend: `take ${name} out of ${path}` }
}
