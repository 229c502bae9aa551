import { hosts } from '@subagent-mcp/installer'
import type { HookedHost, ModeEntry } from '@subagent-mcp/orchestration'
import { localDate } from '../../local-date.js'
import { clockTime } from '../../terminal/clock-time.js'
import { oneLine } from '../../terminal/text.js'
import { shortPath } from '../../terminal/short-path.js'
import type { Terminal } from '../../terminal/terminal.js'

/** The mode of a project, and where it is on, which hosts have hooks that hold to it. */
export type ModeReport =
  | { project: string; on: false }
  | ({ project: string; on: true; hooks: readonly HookedHost[] } & ModeEntry)

/** What a person reads of it, with the step that is missing. */
export function describeMode(report: ModeReport, { home }: Pick<Terminal, 'home'>): string {
  const project = oneLine(shortPath(report.project, home), longestPath)
  if (!report.on) return `orchestration mode is off for ${project}\n`
  const { since, by, expires, hooks } = report
  const until = expires === undefined ? '' : `, until ${time(expires)}`
  const first = `orchestration mode is on for ${project} since ${time(since)}, by ${oneLine(by, longestName)}${until}`
  const labels = hosts.flatMap(({ id, label }) => (hooks.some((hook) => hook === id) ? [label] : []))
  const enforcement =
    hooks.length > 0
      ? `  hooks hold to it: ${labels.join(', ')}`
      : '  nothing enforces it: no host has our hooks here; subagent-mcp setup registers them'
  return `${first}\n${enforcement}\n`
}

const longestPath = 4096
const longestName = 80

function time(at: number): string {
  return `${localDate(at)} ${clockTime(at)}`
}
