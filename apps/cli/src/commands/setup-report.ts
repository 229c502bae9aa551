import type { HostId, Planned } from '@subagent-mcp/installer'
import type { Wish } from '../wiring/plan-wiring.js'
import type { CodexVerdict } from '../wiring/trust-codex-hooks.js'
import type { Wrote } from '../wiring/write-planned.js'
import { shortPath } from '../terminal/short-path.js'
import type { Terminal } from '../terminal/terminal.js'

/** What setup has done: each file by its path, and what Codex says of the hooks, where it was asked. */
export type Done = { written: ReadonlyMap<string, Wrote>; codex?: CodexVerdict }

/** What was wished for, and what it came to. */
export type Planning = { wish: Wish; planned: readonly Planned[] }

/** What a person has to know now. */
export function summaryLines(
  { wish, planned }: Planning,
  { written, codex }: Done,
  { home, stdout }: Terminal,
): string[] {
  const { paint } = stdout
  const failed = [...written].flatMap(([path, wrote]) =>
    wrote.type === 'failed' ? [paint('red', `${shortPath(path, home)} was not written: ${wrote.why}`)] : [],
  )
  const number = written.size - failed.length
  const touched = wish.hosts.filter(({ id }) => planned.some((item) => isWriteFor(item, id)))
  const restarts = touched.map(({ label, restart }) => `  ${label}: ${restart}`)
  return [
    '',
    ...failed,
    ...(number > 0
      ? [paint('green', `wrote ${number} of ${written.size} files; the old ones are kept`)]
      : []),
    ...codexLines(codex),
    ...(number > 0 ? ['for it to take effect:', ...restarts] : []),
    'next: subagent-mcp doctor (whether all of it works); subagent-mcp uninstall takes everything back',
  ]
}

function isWriteFor(item: Planned, host: HostId): boolean {
  return item.type === 'write' && item.changes.some((change) => change.host === host)
}

function codexLines(verdict: CodexVerdict | undefined): string[] {
  switch (verdict?.type) {
    case 'untrusted':
      return ['Codex does not trust our hooks yet: run /hooks in it']
    case 'unlisted':
      return ['Codex does not read our hooks here: it reads those of a project once the project is trusted']
    case 'unknown':
      return [`Codex could not be asked whether it trusts our hooks: ${verdict.why}`]
    default:
      return []
  }
}

/** The same for a program; without `done` nothing was written. */
export function setupReport({ wish, planned }: Planning, done?: Done): string {
  const { hosts, wiring } = wish
  const data = {
    applied: done !== undefined,
    scope: wiring.scope,
    server: wiring.server,
    hosts: hosts.map(({ id, label, tested, restart }) => ({ id, label, tested, restart })),
    files: planned.map((item) => reportItem(item, done)),
    ...(done?.codex && { codexHooks: done.codex }),
  }
  return `${JSON.stringify(data, undefined, 2)}\n`
}

function reportItem(item: Planned, done: Done | undefined) {
  if (item.type === 'write') {
    const { path, diff, changes } = item
    const what = changes.map(({ host, what }) => ({ host, what }))
    return { path, ...(done?.written.get(path) ?? { type: 'planned' }), what, diff }
  }
  const { host, what, path, snippet } = item.change
  const named = { path, type: item.type, what: [{ host, what }] }
  return item.type === 'refused' ? { ...named, why: item.why, snippet } : named
}
