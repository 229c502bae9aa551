export type HookedHost = 'claude' | 'codex' | 'gemini'

/** The work that orchestration mode denies to a host's model: changing files, running commands, starting the host's own sub-agents. */
export type DeniedToolKind = 'edit' | 'shell' | 'launcher'

/** The kind of a denied tool, by the name that the host reports; undefined for a tool that is not denied. */
export function findDeniedToolKind(host: HookedHost, tool: string): DeniedToolKind | undefined {
  const kinds = directTools[host]
  const has = (kind: DeniedToolKind): boolean => new RegExp(anyOf(kinds[kind])).test(tool)
  return (['edit', 'shell', 'launcher'] as const).find(has)
}

/** The matcher of denied tools for a host's hook settings. Its anchors make every version of every host read it as a regular expression. */
export function createDeniedToolMatcher(host: HookedHost): string {
  const { edit, shell, launcher } = directTools[host]
  return anyOf([...edit, ...shell, ...launcher])
}

/**
 * The tools that orchestration mode denies, as regular expressions for Rust and JavaScript. Tools that read, plan or ask are
 * not denied. No expression matches a tool of an MCP server, whose name has two underscores or begins with `mcp_`.
 */
const directTools: Record<HookedHost, Record<DeniedToolKind, readonly string[]>> = {
  claude: {
    edit: ['Edit', 'MultiEdit', 'Write', 'NotebookEdit'],
    // Monitor runs a command until it is stopped; REPL and Eval run code.
    shell: ['Bash', 'PowerShell', 'Monitor', 'REPL', 'Eval'],
    // Task is an older name of Agent; SendMessage continues an agent; RemoteTrigger starts one on another machine.
    launcher: ['Agent', 'Task', 'Workflow', 'SendMessage', 'RemoteTrigger'],
  },
  codex: {
    edit: ['apply_patch'],
    // Commands inside of scripts have this name, too.
    shell: ['Bash'],
    // The namespace, which the user may name, is put directly before the name: `collaborationspawn_agent`.
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
