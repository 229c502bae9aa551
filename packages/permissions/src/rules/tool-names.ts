/** Names of tools in rules, by the different names in CLIs. In lower case, because names are compared without case. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ...['monitor', 'exec_command', 'writestdin', 'humancommand', 'run_shell_command', 'execute'].map(
    (name) => [name, 'bash'] as const,
  ),
  ...['apply_patch', 'write_file', 'replace'].map((name) => [name, 'edit'] as const),
  ...['read_file', 'view_image'].map((name) => [name, 'read'] as const),
  ...['fetch', 'web_fetch'].map((name) => [name, 'webfetch'] as const),
  ['task', 'agent'],
  ['killbash', 'killshell'],
])

/** Search tools, by their names in rules. A rule for one of them matches only calls of that tool. */
export const searchToolNames: readonly string[] = ['grep', 'glob', 'ls', 'notebookread', 'search']
/** Tools that change files, by their names in rules. A rule for one of them matches every change. */
export const fileChangeToolNames: readonly string[] = ['edit', 'write', 'multiedit', 'notebookedit']
export const webToolNames: readonly string[] = ['webfetch', 'websearch']

/** Tools whose permission rules may have a pattern. */
const parted = new Set(['*', 'bash', 'read', ...searchToolNames, ...fileChangeToolNames, ...webToolNames])
/** Other tools of Claude, Codex and ACP agents. Their permission rules have no pattern. */
const whole = new Set(
  [
    'agent askuserquestion bashoutput croncreate crondelete cronlist enterplanmode enterworktree exitplanmode exitworktree',
    'killshell lsp listagents listmcpresourcestool powershell pushnotification repl readmcpresourcetool remotetrigger',
    'reportfindings schedulewakeup sendmessage senduserfile skill slashcommand structuredoutput taskcreate taskget tasklist',
    'taskoutput taskstop taskupdate todowrite toolsearch workflow request_permissions delete move think switch_mode other',
  ].flatMap((names) => names.split(' ')),
)

/**
 * The name of a tool in rules: one name for all CLIs, in lower case. The name of an MCP server alone stands for all of its
 * tools. The server of subagent-mcp has one spelling for all CLIs.
 */
export function normalizeRuleToolName(name: string): string {
  const small = spelledAsOurs(name.toLowerCase())
  if (/^mcp__(?!.*(__|\*))/.test(small)) return `${small}__*`
  return otherNames.get(small) ?? small
}

/** Unifies the spelling: Codex has `mcp__subagent_mcp__chat` and `mcp__subagent_mcp.chat`, Gemini `mcp_subagent-mcp_chat`. */
function spelledAsOurs(name: string): string {
  const ours = /^mcp(?:__subagent[-_]mcp(?:__|\.|$)|_subagent[-_]mcp(?:_(?!_)|$))/
  return name.replace(ours, (found) => `mcp__subagent-mcp${found.endsWith('mcp') ? '' : '__'}`)
}

export function isSingleMcpToolName(tool: string): boolean {
  return /^mcp__[^*]+?__[^*]+$/.test(tool)
}

/** Whether rules for a tool can have a pattern (`part`), can only be for all its calls (`whole`), or match nothing. */
export function getRuleScopeOfTool(tool: string): 'part' | 'whole' | 'nothing' {
  if (parted.has(tool)) return 'part'
  return whole.has(tool) || tool.startsWith('mcp__') || tool.includes('*') ? 'whole' : 'nothing'
}
