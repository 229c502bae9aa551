/** How rules call the tools that CLIs call otherwise; in small letters, as names are compared without case. */
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

/** Tools whose rules are about nothing but their own calls. */
export const searches: readonly string[] = ['grep', 'glob', 'ls', 'notebookread', 'search']
/** A rule of one of these is about every change. */
export const changes: readonly string[] = ['edit', 'write', 'multiedit', 'notebookedit']
/** Tools of the network. */
export const webTools: readonly string[] = ['webfetch', 'websearch']

/** Tools of which a rule may take a part. */
const parted = new Set(['*', 'bash', 'read', ...searches, ...changes, ...webTools])
/** The others that CLIs have: Claude's, those of Codex and of ACP. */
const whole = new Set(
  [
    'agent askuserquestion bashoutput croncreate crondelete cronlist enterplanmode enterworktree exitplanmode exitworktree',
    'killshell lsp listagents listmcpresourcestool powershell pushnotification repl readmcpresourcetool remotetrigger',
    'reportfindings schedulewakeup sendmessage senduserfile skill slashcommand structuredoutput taskcreate taskget tasklist',
    'taskoutput taskstop taskupdate todowrite toolsearch workflow request_permissions delete move think switch_mode other',
  ].flatMap((names) => names.split(' ')),
)

/**
 * What rules call a tool: one name for all CLIs, in small letters. A server of MCP alone is all of its tools; our own is
 * one, however a CLI spells it.
 */
export function ruleToolName(name: string): string {
  const small = spelledAsOurs(name.toLowerCase())
  if (/^mcp__(?!.*(__|\*))/.test(small)) return `${small}__*`
  return otherNames.get(small) ?? small
}

/** Codex has `mcp__subagent_mcp__chat` and `mcp__subagent_mcp.chat`, Gemini `mcp_subagent-mcp_chat`. */
function spelledAsOurs(name: string): string {
  const ours = /^mcp(?:__subagent[-_]mcp(?:__|\.|$)|_subagent[-_]mcp(?:_(?!_)|$))/
  return name.replace(ours, (found) => `mcp__subagent-mcp${found.endsWith('mcp') ? '' : '__'}`)
}

/** Whether a rule names one tool of an MCP server, and no more. */
export function isOneMcpTool(tool: string): boolean {
  return /^mcp__[^*]+?__[^*]+$/.test(tool)
}

/** Whether a rule of this tool may take a part of its calls, all of them, or is about nothing. */
export function reachOf(tool: string): 'part' | 'whole' | 'nothing' {
  if (parted.has(tool)) return 'part'
  return whole.has(tool) || tool.startsWith('mcp__') || tool.includes('*') ? 'whole' : 'nothing'
}
