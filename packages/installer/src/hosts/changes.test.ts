import { describe, expect, test } from 'vitest'
import { getValueAt } from '../edit/value.js'
import { forwardedVariables } from './forwarded-names.js'
import { hosts } from './hosts.js'
import type { HostId, HostSetup } from './host.js'
import { bareMachine, fullWiring, hostById } from './machine.test.support.js'

const command = '/usr/bin/node'
const args = ['/opt/subagent-mcp/bin/subagent-mcp.js', 'serve']
const started = { command, args }
const hourLimit = { SUBAGENT_MCP_CALL_LIMIT: '3600' }

test.each<{ host: HostId; place: string; entry: object }>([
  { host: 'claude', place: 'mcpServers', entry: { type: 'stdio', ...started } },
  {
    host: 'codex',
    place: 'mcp_servers',
    entry: {
      ...started,
      env_vars: ['ANTHROPIC_API_KEY', 'CLAUDE_CONFIG_DIR'],
      env: hourLimit,
      startup_timeout_sec: 60,
      tool_timeout_sec: 3600,
      default_tools_approval_mode: 'approve',
    },
  },
  {
    host: 'gemini',
    place: 'mcpServers',
    entry: {
      ...started,
      env: { ANTHROPIC_API_KEY: '$ANTHROPIC_API_KEY', SUBAGENT_MCP_CALL_LIMIT: '3600' },
      timeout: 3_600_000,
      trust: true,
    },
  },
  { host: 'claude-desktop', place: 'mcpServers', entry: started },
  {
    host: 'copilot',
    place: 'mcpServers',
    entry: { type: 'local', ...started, tools: ['*'], env: hourLimit, timeout: 3_600_000 },
  },
  { host: 'cursor', place: 'mcpServers', entry: started },
  {
    host: 'opencode',
    place: 'mcp',
    entry: {
      type: 'local',
      command: [command, ...args],
      enabled: true,
      environment: hourLimit,
      timeout: 3_600_000,
    },
  },
  { host: 'vscode', place: 'servers', entry: { type: 'stdio', ...started } },
  { host: 'windsurf', place: 'mcpServers', entry: started },
  {
    host: 'zed',
    place: 'context_servers',
    entry: { ...started, env: { SUBAGENT_MCP_CALL_LIMIT: '600' }, timeout: 600 },
  },
])('$host has our server in $place', ({ host, place, entry }) => {
  const [first] = changes(host)
  expect(first?.edits).toEqual([{ type: 'set', path: [place, 'subagent-mcp'], value: entry }])
  if (first?.format !== 'toml')
    expect(JSON.parse(first?.snippet ?? '')).toEqual({ [place]: { 'subagent-mcp': entry } })
})

test.each<{
  host: HostId
  events: readonly string[]
  timeout: number
  gated: readonly string[]
  free: readonly string[]
}>([
  {
    host: 'claude',
    events: ['SessionStart', 'UserPromptSubmit', 'PreToolUse', 'PostToolUse', 'Stop'],
    timeout: 10,
    gated: ['Agent', 'Task', 'Workflow', 'SendMessage', 'Bash', 'Edit', 'Write', 'NotebookEdit'],
    free: [
      'Read',
      'TaskStop',
      'TaskCreate',
      'mcp__subagent-mcp__launch_agent',
      'TodoWrite',
      'AskUserQuestion',
    ],
  },
  {
    host: 'codex',
    events: ['SessionStart', 'UserPromptSubmit', 'PreToolUse'],
    timeout: 10,
    gated: ['Bash', 'apply_patch', 'spawn_agent', 'multi_agent_v1spawn_agent', 'collaborationspawn_agent'],
    free: [
      'mcp__subagent_mcp__launch_agent',
      'mcp__tiny__Bash',
      'mcp__tiny__spawn_agent',
      'collaborationwait_agent',
    ],
  },
  {
    host: 'gemini',
    events: ['SessionStart', 'BeforeAgent', 'BeforeTool'],
    timeout: 10_000,
    gated: ['invoke_agent', 'run_shell_command', 'write_file', 'replace'],
    free: ['read_file', 'mcp_subagent-mcp_invoke', 'mcp_other_write_file'],
  },
])(
  '$host runs our hook for $events, and before tools that it can deny',
  ({ host, events, timeout, gated, free }) => {
    const hooks = changes(host).find(({ what }) => what.includes('hooks'))
    const groups = hooks?.edits.map((edit) => ('value' in edit ? edit.value : undefined))
    expect(hooks?.edits.map(({ path }) => path)).toEqual(events.map((event) => ['hooks', event]))
    const line: unknown = expect.stringMatching(new RegExp(`${command} ${args[0]} hook ${host}$`))
    const handler = { type: 'command', command: line, timeout }
    const matcher: unknown = expect.any(String)
    const isOfTools = (event: string): boolean => event.endsWith('Tool') || event.endsWith('ToolUse')
    const wakes: unknown = expect.stringMatching(new RegExp(`${command} ${args[0]} hook ${host} wake$`))
    const watcher = { type: 'command', command: wakes, asyncRewake: true, timeout: 604_800 }
    const handlers = (event: string): object[] => [
      ...(event === 'PostToolUse' ? [] : [handler]),
      ...(host === 'claude' && ['SessionStart', 'PostToolUse', 'Stop'].includes(event) ? [watcher] : []),
    ]
    expect(groups).toEqual(
      events.map((event) => ({ ...(isOfTools(event) && { matcher }), hooks: handlers(event) })),
    )
    const pattern = new RegExp(/"matcher":"(.*?)"/.exec(JSON.stringify(groups))?.[1] ?? '')
    expect(gated.filter((tool) => !pattern.test(tool))).toEqual([])
    expect(free.filter((tool) => pattern.test(tool))).toEqual([])
  },
)

test.each(hosts.filter(({ callLimit }) => callLimit?.default !== 100_000))(
  '$label waits as long as it can where that is known to be too short',
  ({ id, callLimit }) => {
    const [edit] = changes(id)[0]?.edits ?? []
    const entry = edit?.type === 'set' ? edit.value : undefined
    const seconds = Number(getValueAt(entry, [callLimit?.key ?? 'timeout'])) / (callLimit?.perSecond ?? 1)
    expect(seconds).toBe(callLimit === undefined ? NaN : (callLimit.longest ?? 3600))
  },
)

describe('only what was asked for', () => {
  test('no hooks', () => {
    expect(whats({ hooks: false }).filter((what) => what.includes('hooks'))).toEqual([])
  })

  test('own sub-agents stay on', () => {
    expect(whats({ suppressNative: false }).filter((what) => what.includes('sub-agents'))).toEqual([])
  })

  test('nothing to forward', () => {
    for (const host of ['codex', 'gemini']) {
      const [first] = changes(host, { forward: [] })
      expect(JSON.stringify(first?.edits)).not.toMatch(/"env_vars|\$/)
    }
  })
})

test('entries forward names of variables, and never values', () => {
  const environment = Object.fromEntries(forwardedVariables.map((name) => [name, '/sentinel']))
  const machine = bareMachine({ environment })
  const wiring = fullWiring({ forward: forwardedVariables })
  for (const host of hosts) {
    const written = host.changes(machine, wiring).map(({ edits, snippet }) => ({ edits, snippet }))
    expect(JSON.stringify(written)).not.toContain('sentinel')
  }
  expect(new Set(forwardedVariables).size).toBe(forwardedVariables.length)
})

function changes(host: string, given?: Partial<HostSetup>) {
  const found = hosts.find(({ id }) => id === host)
  return hostById(found?.id ?? 'claude').changes(bareMachine(), fullWiring(given))
}

function whats(given: Partial<HostSetup>): string[] {
  return hosts.flatMap((host) => host.changes(bareMachine(), fullWiring(given))).map(({ what }) => what)
}
