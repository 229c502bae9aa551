import { hosts } from '@subagent-mcp/installer'
import type { HookedHost } from '@subagent-mcp/orchestration'
import { openWiringState } from '../wiring/wiring-state.js'

/** Hosts whose hooks setup has on record for a project: for all of them, or for it. @throws SubagentError */
export function hookedHosts(environment: NodeJS.ProcessEnv, project: string): HookedHost[] {
  const { choices } = openWiringState(environment).read()
  return hostsWithHooks.filter((id) =>
    choices.some(
      // Codex passes by what was not trusted; its user may have trusted it since, which nobody tells us.
      ({ host, scope, project: of, hooks, trust }) =>
        host === id && hooks && (trust || host !== 'codex') && (scope === 'user' || of === project),
    ),
  )
}

/** The name that people know a host by. */
export function hostLabel(host: HookedHost): string {
  return hosts.find(({ id }) => id === host)?.label ?? host
}

const hostsWithHooks: readonly HookedHost[] = ['claude', 'codex', 'gemini']
