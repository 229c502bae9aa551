import { basename, dirname, join } from 'node:path'
import type { HostMachine } from '../hosts/host.js'
import { hosts } from '../hosts/hosts.js'

/** An instruction file, which hosts give their model before it starts to work. */
export type InstructionFile = {
  path: string
  /** The text before our block in a file that is created for it. */
  head: string
  /** A new file of a project is readable like the project, one of a user by the user alone. */
  scope: 'project' | 'user'
}

/** The project whose instruction files get the block, and which of its files: `AGENTS.md` and others by default. */
export type InstructionFileChoice = {
  root: string
  files?: readonly string[]
  copilot: boolean
  cursor: boolean
}

/** The instruction file that other instruction files can import. */
export const agentsFileName = 'AGENTS.md'

/** The instruction files of a project, `AGENTS.md` first, so that links to it count as the same file. */
export function listProjectInstructionFiles({
  root,
  files,
  copilot,
  cursor,
}: InstructionFileChoice): readonly InstructionFile[] {
  const names = files ?? [agentsFileName, 'CLAUDE.md', 'GEMINI.md']
  return [
    ...names.map((name) => ({ name, head: '' })),
    ...(copilot ? [{ name: '.github/copilot-instructions.md', head: '' }] : []),
    ...(cursor ? [{ name: '.cursor/rules/subagent-mcp.mdc', head: cursorHead }] : []),
  ].map(({ name, head }) => ({ path: join(root, name), head, scope: 'project' }))
}

/** Without this header Cursor gives its model the rule only when the user names it. */
const cursorHead = '---\ndescription: When to delegate to sub-agents\nalwaysApply: true\n---\n'

/** The user's own file of a host, and whether the host is present on the machine. */
export type GlobalInstructionFile = { label: string; isPresent: boolean; file: InstructionFile }

export function listGlobalInstructionFiles(machine: HostMachine): readonly GlobalInstructionFile[] {
  return hosts.flatMap((host) => {
    const path = host.instructions?.(machine)
    if (path === undefined) return []
    const file = { path, head: '', scope: 'user' } as const
    return [{ label: host.label, isPresent: host.isPresent(machine), file }]
  })
}

/** The `AGENTS.md` that an instruction file can import; undefined for files of hosts without imports, such as Codex. */
export function findImportableAgentsFile(path: string): string | undefined {
  return ['CLAUDE.md', 'GEMINI.md'].includes(basename(path)) ? join(dirname(path), agentsFileName) : undefined
}
