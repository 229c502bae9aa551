import { hosts, type Machine } from '@subagent-mcp/installer'
import { basename, dirname, join } from 'node:path'

/** A file that hosts read before they begin to work. */
export type InstructionFile = {
  path: string
  /** What it begins with when it is made for our block. */
  head: string
  /** A project's file is for whoever has the project, a user's for the user alone. */
  scope: 'project' | 'user'
}

/** What of a project's files is asked for. */
export type ProjectChoice = { root: string; files?: readonly string[]; copilot: boolean; cursor: boolean }

/** The one that others may import. */
export const agentsFile = 'AGENTS.md'

/** A project's files, `AGENTS.md` first: what leads to it is then the same file again. */
export function projectFiles({ root, files, copilot, cursor }: ProjectChoice): readonly InstructionFile[] {
  const names = files ?? [agentsFile, 'CLAUDE.md', 'GEMINI.md']
  return [
    ...names.map((name) => ({ name, head: '' })),
    ...(copilot ? [{ name: '.github/copilot-instructions.md', head: '' }] : []),
    ...(cursor ? [{ name: '.cursor/rules/subagent-mcp.mdc', head: cursorHead }] : []),
  ].map(({ name, head }) => ({ path: join(root, name), head, scope: 'project' }))
}

/** Without it Cursor would show the rule to its model when somebody names it, and not always. */
const cursorHead = '---\ndescription: When to delegate to sub-agents\nalwaysApply: true\n---\n'

/** A host's own file, and whether that host is here. */
export type GlobalFile = { label: string; isPresent: boolean; file: InstructionFile }

/** The files that hosts read in whatever project. */
export function globalFiles(machine: Machine): readonly GlobalFile[] {
  return hosts.flatMap((host) => {
    const path = host.instructions?.(machine)
    if (path === undefined) return []
    const file = { path, head: '', scope: 'user' } as const
    return [{ label: host.label, isPresent: host.isPresent(machine), file }]
  })
}

/** Where a host that knows imports finds `AGENTS.md` beside its own file; Codex and others send `@AGENTS.md` as it is. */
export function importable(path: string): string | undefined {
  return ['CLAUDE.md', 'GEMINI.md'].includes(basename(path)) ? join(dirname(path), agentsFile) : undefined
}
