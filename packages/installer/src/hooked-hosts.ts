import type { HookedHost } from '@subagent-mcp/orchestration'
import type { HostMachine } from './hosts/host.js'
import { findInstalledPlugins } from './plugins/installed-plugins.js'
import { openRecords } from './records/records.js'

/** The hosts whose hooks were set up for a project or for all projects of the user, or come with a plugin. @throws SubagentError */
export function findHostsWithOurHooks(
  stateFolder: string,
  project: string,
  machine: HostMachine,
): HookedHost[] {
  const { choices } = openRecords(stateFolder).read()
  const plugins = findInstalledPlugins(machine, project).map(({ host }) => host)
  return hostsWithHooks.filter(
    (id) =>
      // Whether Codex trusts the hooks of a plugin is not known here.
      (id !== 'codex' && plugins.includes(id)) ||
      choices.some(
        // Codex skips hooks that it does not trust. Trust that the user gave in Codex itself is not known here.
        ({ host, scope, project: of, hooks, trust }) =>
          host === id && hooks && (trust || host !== 'codex') && (scope === 'user' || of === project),
      ),
  )
}

const hostsWithHooks: readonly HookedHost[] = ['claude', 'codex', 'gemini']
