import type { HookedHost } from '@subagent-mcp/orchestration'
import { openRecords } from './records/records.js'

/** The hosts whose hooks were set up for a project, or for all projects of the user. @throws SubagentError */
export function hookedHosts(stateFolder: string, project: string): HookedHost[] {
  const { choices } = openRecords(stateFolder).read()
  return hostsWithHooks.filter((id) =>
    choices.some(
      // Codex skips hooks that it does not trust. Trust that the user gave in Codex itself is not known here.
      ({ host, scope, project: of, hooks, trust }) =>
        host === id && hooks && (trust || host !== 'codex') && (scope === 'user' || of === project),
    ),
  )
}

const hostsWithHooks: readonly HookedHost[] = ['claude', 'codex', 'gemini']
