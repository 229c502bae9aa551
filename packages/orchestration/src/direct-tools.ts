import type { HookedHost } from './hook-command.js'

/** What a host's model does with its own hands: changes files, runs commands, starts the host's own sub-agents. */
export type DirectKind = 'edit' | 'shell' | 'launcher'

/** The kind of a tool that orchestration denies, by the name that the host's hook tells; undefined for any other. */
export function directKind(host: HookedHost, tool: string): DirectKind | undefined {
  const kinds = directTools[host]
  const has = (kind: DirectKind): boolean => new RegExp(anyOf(kinds[kind])).test(tool)
  return (['edit', 'shell', 'launcher'] as const).find(has)
}

/** A matcher for all of them and no other: with anchors it is a regular expression to each host, in all versions. */
export function directToolMatcher(host: HookedHost): string {
  const { edit, shell, launcher } = directTools[host]
  return anyOf([...edit, ...shell, ...launcher])
}

/**
 * Parts of regular expressions as Rust and JavaScript read them. What reads, plans, asks or is a server's is in none:
 * tools of MCP servers have two underscores in their names, or `mcp_` before them.
 */
const directTools: Record<HookedHost, Record<DirectKind, readonly string[]>> = {
  claude: {
    edit: ['Edit', 'MultiEdit', 'Write', 'NotebookEdit'],
    // Monitor runs a command until it is stopped; the last two run code.
    shell: ['Bash', 'PowerShell', 'Monitor', 'REPL', 'Eval'],
    // Task is an older name of Agent; SendMessage has one work on; RemoteTrigger starts one elsewhere.
    launcher: ['Agent', 'Task', 'Workflow', 'SendMessage', 'RemoteTrigger'],
  },
  codex: {
    edit: ['apply_patch'],
    // Also what its scripts run.
    shell: ['Bash'],
    // A namespace, which is the user's to name, is glued to them: `collaborationspawn_agent`.
    launcher: ['(?:[^_]|_[^_])*_?(?:spawn_agent|resume_agent|send_input|followup_task)'],
  },
  gemini: {
    edit: ['write_file', 'replace'],
    shell: ['run_shell_command'],
    launcher: ['invoke_agent'],
  },
}

function anyOf(parts: readonly string[]): string {
  return `^(${parts.join('|')})$`
}
