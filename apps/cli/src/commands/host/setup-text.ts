import type { CodexVerdict, HostId, Planned, SetupPlan, SetupResult } from '@subagent-mcp/installer'
import { shortPath } from '../../terminal/short-path.js'
import type { Terminal } from '../../terminal/terminal.js'

/** The outcome of setup and the next step, for a person. */
export function summaryLines(
  { hosts, files }: SetupPlan,
  { written, codex }: SetupResult,
  { home, stdout }: Terminal,
): string[] {
  const { paint } = stdout
  const failed = [...written].flatMap(([path, wrote]) =>
    wrote.type === 'failed' ? [paint('red', `${shortPath(path, home)} was not written: ${wrote.why}`)] : [],
  )
  const number = written.size - failed.length
  const touched = hosts.filter(({ id }) => files.some((item) => isWriteFor(item, id)))
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

/** The plan and its outcome as JSON; without `result` nothing was written. */
export function setupReport({ hosts, wiring, files }: SetupPlan, result?: SetupResult): string {
  const data = {
    applied: result !== undefined,
    scope: wiring.scope,
    server: wiring.server,
    hosts: hosts.map(({ id, label, tested, restart }) => ({ id, label, tested, restart })),
    files: files.map((item) => reportItem(item, result)),
    ...(result?.codex && { codexHooks: result.codex }),
  }
  return `${JSON.stringify(data, undefined, 2)}\n`
}

function reportItem(item: Planned, result: SetupResult | undefined) {
  if (item.type === 'write') {
    const { path, diff, changes } = item
    const what = changes.map(({ host, what }) => ({ host, what }))
    return { path, ...(result?.written.get(path) ?? { type: 'planned' }), what, diff }
  }
  const { host, what, path, snippet } = item.change
  const named = { path, type: item.type, what: [{ host, what }] }
  return item.type === 'refused' ? { ...named, why: item.why, snippet } : named
}
