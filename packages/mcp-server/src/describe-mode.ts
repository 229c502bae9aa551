import type { ModeStatus } from './mode-port.js'

/** What a host's model reads of the mode: above all whether it has to keep to it by itself. */
export function describeMode(status: ModeStatus): string {
  if (!status.on) return `orchestration mode is off in ${status.project}`
  const { project, since, by, expires, enforced } = status
  const until = expires === undefined ? '' : `, until ${time(expires)}`
  return [
    `orchestration mode is on in ${project} since ${time(since)}, by ${by}${until}`,
    enforcement[enforced],
    'next: launch_agent or invoke for every step, then wait',
  ].join('\n')
}

const enforcement = {
  hooks: 'its hooks are set up: direct edits and commands are denied',
  'no-hooks-set-up':
    'stored, but nothing enforces it here: the hooks of this host are not set up. Tell the user to run: subagent-mcp setup',
  'host-has-none':
    'stored, but nothing enforces it here: this host has no hooks. Keep to it by yourself, and tell the user',
} as const

function time(at: number): string {
  return new Date(at).toISOString()
}
