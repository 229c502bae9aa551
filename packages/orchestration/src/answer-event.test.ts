import { describe, expect, test } from 'vitest'
import { answerHookEvent, formatMailNotice, formatReportNotice, type HookAnswer } from './answer-event.js'
import { toolDenialTexts, orchestrationDirective, orchestrationReminder } from './directives.js'
import { parseHookEvent } from './hook-event.js'

const on = { since: 1, by: 'terminal' }
const hosts = ['claude', 'codex', 'gemini'] as const
const events = {
  claude: { session: 'SessionStart', prompt: 'UserPromptSubmit', tool: 'PreToolUse' },
  codex: { session: 'SessionStart', prompt: 'UserPromptSubmit', tool: 'PreToolUse' },
  gemini: { session: 'SessionStart', prompt: 'BeforeAgent', tool: 'BeforeTool' },
} as const
type Host = (typeof hosts)[number]

/** The tools of each host's sessions, by what orchestration mode denies them as; `nothing`: they stay allowed. */
const tools: Record<Host, Record<'edit' | 'shell' | 'launcher' | 'nothing', readonly string[]>> = {
  claude: {
    edit: ['Edit', 'MultiEdit', 'Write', 'NotebookEdit'],
    shell: ['Bash', 'PowerShell', 'Monitor', 'REPL', 'Eval'],
    launcher: ['Agent', 'Task', 'Workflow', 'SendMessage', 'RemoteTrigger'],
    nothing: [
      // Reads, asks, plans, keeps a list.
      ...['Read', 'Grep', 'Glob', 'LS', 'WebFetch', 'WebSearch', 'NotebookRead', 'BashOutput', 'TaskOutput'],
      ...['AskUserQuestion', 'EnterPlanMode', 'ExitPlanMode', 'TodoWrite', 'TaskCreate', 'TaskUpdate'],
      ...['TaskList', 'TaskStop', 'ListAgents', 'ToolSearch', 'Skill', 'ScheduleWakeup'],
      // Ours, and other servers', also with such a name.
      ...['mcp__subagent-mcp__launch_agent', 'mcp__subagent_mcp__wait', 'mcp__subagent-mcp__send_message'],
      ...['mcp__plugin_subagent-mcp_subagent-mcp__invoke', 'mcp__plugin_sm_subagent-mcp__kill_agent'],
      ...['mcp__other__Bash', 'mcp__files__Edit', 'mcp__Agent'],
      // Nothing that we know.
      ...['Edits', 'bash', 'AgentOutput', 'Task2', '', ' Bash', 'Bash\n', 'constructor', '__proto__'],
    ],
  },
  codex: {
    edit: ['apply_patch'],
    shell: ['Bash'],
    launcher: [
      ...['spawn_agent', 'multi_agent_v1spawn_agent', 'collaborationspawn_agent', 'team_spawn_agent'],
      ...['multi_agent_v1send_input', 'multi_agent_v1resume_agent', 'collaborationfollowup_task'],
    ],
    nothing: [
      ...['update_plan', 'view_image', 'web_search', 'request_user_input', 'tool_search', 'write_stdin'],
      ...['multi_agent_v1wait_agent', 'collaborationlist_agents', 'multi_agent_v1close_agent'],
      ...['mcp__subagent_mcp__launch_agent', 'mcp__subagent-mcp__wait', 'mcp__subagent_mcp__send_message'],
      ...['mcp__subagent_mcp__orchestration-mode', 'mcp__plugin_sm_subagent_mcp__invoke'],
      ...['mcp__other__spawn_agent', 'mcp__other__apply_patch', 'mcp__tiny__Bash'],
      ...['Bash2', 'spawn_agents', 'apply_patches', ''],
    ],
  },
  gemini: {
    edit: ['write_file', 'replace'],
    shell: ['run_shell_command'],
    launcher: ['invoke_agent'],
    nothing: [
      ...['read_file', 'read_many_files', 'list_directory', 'glob', 'grep_search', 'web_fetch'],
      ...['google_web_search', 'update_topic', 'write_todos', 'ask_user', 'enter_plan_mode'],
      ...['exit_plan_mode', 'activate_skill', 'read_background_output', 'list_background_processes'],
      ...['mcp_subagent-mcp_launch_agent', 'mcp_subagent-mcp_invoke', 'mcp_subagent_mcp_wait'],
      ...['mcp_other_write_file', 'mcp_other_run_shell_command', 'mcp_other_invoke_agent'],
      ...['replacement', 'Replace', ''],
    ],
  },
}

const toolRows = hosts.flatMap((host) =>
  Object.entries(tools[host]).flatMap(([expected, names]) => names.map((tool) => ({ host, tool, expected }))),
)

describe('a tool call while the mode is on', () => {
  test.each(toolRows)('$host: $tool is denied as $expected', ({ host, tool, expected }) => {
    expect(answer(host, { tool_name: tool, tool_input: {} })).toBe(expected)
  })

  test.each(toolRows.filter(({ expected }) => expected !== 'nothing'))(
    'with the mode off, or by a sub-agent, $tool of $host is not denied',
    ({ host, tool }) => {
      const call = { tool_name: tool, tool_input: {} }
      expect(answer(host, call, { mode: undefined })).toBe('nothing')
      expect(answer(host, { ...call, agent_id: 'a1', agent_type: 'general-purpose' })).toBe('nothing')
      for (const depth of ['1', '2'])
        expect(answer(host, call, { environment: { SUBAGENT_MCP_DEPTH: depth } })).toBe('nothing')
      for (const depth of ['0', '', 'deep', '-1'])
        expect(answer(host, call, { environment: { SUBAGENT_MCP_DEPTH: depth } })).not.toBe('nothing')
    },
  )

  test.each([[null], ['text'], [[1]], [{ file_path: 7 }], [undefined]])(
    'is denied with any input: %j',
    (input) => {
      expect(answer('claude', { tool_name: 'Write', tool_input: input })).toBe('edit')
      expect(answer('codex', { tool_name: 'Bash', tool_input: input })).toBe('shell')
      expect(answer('gemini', { tool_name: 'replace', tool_input: input })).toBe('edit')
    },
  )
})

describe('a plan file', () => {
  const gemini = { GEMINI_PLANS_DIR: '/home/ada/.gemini/tmp/x/plans' }
  test.each<[Host, string, string, NodeJS.ProcessEnv, string]>([
    ['claude', 'Write', '/home/ada/.claude/plans/a-b.md', { HOME: '/home/ada' }, 'nothing'],
    ['claude', 'Edit', '/home/ada/.claude/plans/a-b.md', { HOME: '/home/ada' }, 'nothing'],
    ['claude', 'Write', '/moved/plans/a.md', { HOME: '/home/ada', CLAUDE_CONFIG_DIR: '/moved' }, 'nothing'],
    ['claude', 'Write', '/home/ada/.claude/plans/../a.md', { HOME: '/home/ada' }, 'edit'],
    ['claude', 'Write', '/home/ada/.claude/plans/a.sh', { HOME: '/home/ada' }, 'edit'],
    ['claude', 'Write', '/home/ada/.claude/plans-not/a.md', { HOME: '/home/ada' }, 'edit'],
    ['claude', 'Write', 'plans/a.md', { HOME: '/home/ada' }, 'edit'],
    ['claude', 'Write', '../home/ada/.claude/plans/a.md', { HOME: '/home/ada' }, 'nothing'],
    ['gemini', 'write_file', 'a.md', { GEMINI_PLANS_DIR: '/work/docs' }, 'edit'],
    ['gemini', 'write_file', 'docs/a.md', { GEMINI_PLANS_DIR: '/work/docs' }, 'edit'],
    ['gemini', 'write_file', '../home/ada/.gemini/tmp/x/plans/a.md', gemini, 'nothing'],
    ['claude', 'Write', '/plans/a.md', {}, 'edit'],
    ['claude', 'Bash', '/home/ada/.claude/plans/a.md', { HOME: '/home/ada' }, 'shell'],
    ['gemini', 'write_file', '/home/ada/.gemini/tmp/x/plans/a.md', gemini, 'nothing'],
    ['gemini', 'replace', '/home/ada/.gemini/tmp/x/a.md', gemini, 'edit'],
    ['gemini', 'write_file', '/home/ada/.gemini/tmp/x/plans/a.md', {}, 'edit'],
    ['codex', 'apply_patch', '/home/ada/.claude/plans/a.md', { HOME: '/home/ada' }, 'edit'],
  ])('%s: %s of %s', (...[host, tool, path, environment, expected]) => {
    const call = { tool_name: tool, tool_input: { file_path: path } }
    expect(answer(host, call, { environment })).toBe(expected)
  })
})

test('in plan mode Claude may write its plan wherever its user keeps plans', () => {
  const planning = { tool_name: 'Write', permission_mode: 'plan' }
  expect(answer('claude', { ...planning, tool_input: { file_path: '/work/plans/a.md' } })).toBe('nothing')
  expect(answer('claude', { ...planning, tool_input: { file_path: '/work/plans/a.ts' } })).toBe('edit')
  expect(answer('gemini', { ...planning, tool_name: 'replace', tool_input: { file_path: '/a.md' } })).toBe(
    'edit',
  )
})

test.each([null, '', 0])('an empty agent id does not mark a sub-agent: %j', (agent_id) => {
  expect(answer('claude', { tool_name: 'Edit', agent_id })).toBe('edit')
})

describe.each(hosts)('a prompt of %s', (host) => {
  const { session, prompt } = events[host]
  test.each([
    [session, { told: false }, 'directive'],
    [session, { told: true }, 'directive'],
    [prompt, { told: false }, 'directive'],
    [prompt, { told: true }, 'reminder'],
    [session, { mode: undefined }, 'nothing'],
    [prompt, { mode: undefined }, 'nothing'],
    [session, { environment: { SUBAGENT_MCP_DEPTH: '1' } }, 'nothing'],
    [prompt, { environment: { SUBAGENT_MCP_DEPTH: '3' }, told: true }, 'nothing'],
  ])('%s, %j: %s', (name, given, expected) => {
    expect(answer(host, { hook_event_name: name }, given)).toBe(expected)
  })
})

test.each([
  ['codex', { hook_event_name: 'BeforeTool', tool_name: 'Bash' }],
  ['gemini', { hook_event_name: 'PreToolUse', tool_name: 'replace' }],
  ['gemini', { hook_event_name: 'UserPromptSubmit' }],
  ['claude', { hook_event_name: 'Stop' }],
  ['claude', { hook_event_name: 'SubagentStop' }],
  ['claude', { hook_event_name: 'constructor' }],
  ['claude', { hook_event_name: 7 }],
  ['claude', { hook_event_name: undefined }],
  ['claude', { tool_name: undefined }],
  ['claude', { tool_name: ['Bash'] }],
  ['claude', { tool_name: 'Bash', cwd: undefined }],
  ['unheard-of', { hook_event_name: 'PreToolUse', tool_name: 'Bash' }],
  ['toString', { hook_event_name: 'PreToolUse', tool_name: 'Bash' }],
  [undefined, { hook_event_name: 'PreToolUse', tool_name: 'Bash' }],
])('unknown events get no answer: %s %j', (host, said) => {
  expect(answer(host, said)).toBe('nothing')
})

test.each([undefined, '', 'no JSON', '{"hook_event_name":', 'null', '7', '[]', '"Bash"', '{}'])(
  'unreadable events get no answer: %j',
  (text) => {
    for (const host of hosts) expect(parseHookEvent(host, text, {})).toBeUndefined()
  },
)

test('the project is that of the folder where the host was started, if the host names it', () => {
  const said = JSON.stringify({ hook_event_name: 'SessionStart', cwd: '/work/deeper' })
  const environment = { CLAUDE_PROJECT_DIR: '/work/claude', GEMINI_PROJECT_DIR: '/work/gemini' }
  const folders = hosts.map((host) => parseHookEvent(host, said, environment)?.folders[0])
  expect(folders).toEqual(['/work/claude', '/work/deeper', '/work/gemini'])
  expect(hosts.map((host) => parseHookEvent(host, said, {})?.folders)).toEqual(
    hosts.map(() => ['/work/deeper']),
  )
})

const news = { name: 'app', project: '/work', waiting: 2, newest: 'm2', from: ['api', 'web'] }
const mail = '2 messages wait for you (app) from api, web: call `sync` of subagent-mcp to read them.'

describe('the notice of mail', () => {
  test.each<[string, object, Given, string]>([
    ['SessionStart', {}, { mode: undefined }, mail],
    ['UserPromptSubmit', {}, { mode: undefined }, mail],
    ['PreToolUse', { tool_name: 'Bash' }, { mode: undefined }, mail],
    ['Stop', {}, { mode: undefined }, mail],
    ['Stop', { stop_hook_active: true }, {}, mail],
    ['SessionStart', {}, {}, `${orchestrationDirective}\n\n${mail}`],
    ['UserPromptSubmit', {}, {}, `${orchestrationDirective}\n\n${mail}`],
    ['UserPromptSubmit', {}, { told: true }, `${orchestrationReminder}\n\n${mail}`],
    ['PreToolUse', { tool_name: 'Read' }, {}, mail],
  ])('comes with %s, %j, %j', (name, said, given, expected) => {
    const found = answerTo('claude', { hook_event_name: name, ...said }, { news, ...given })
    expect(found).toEqual({ hookSpecificOutput: { hookEventName: name, additionalContext: expected } })
  })

  test('is left out of a denied call', () => {
    expect(answerTo('claude', { tool_name: 'Bash' }, { news })).toEqual({
      decision: 'block',
      reason: toolDenialTexts.shell,
    })
  })

  test.each(['SessionStart', 'UserPromptSubmit', 'PreToolUse', 'Stop'])(
    'is not given to a sub-agent, with %s',
    (hook_event_name) => {
      const event = { hook_event_name, tool_name: 'Read' }
      expect(answerTo('claude', { ...event, agent_id: 'a1' }, { news })).toBeUndefined()
      const environment = { SUBAGENT_MCP_DEPTH: '1' }
      expect(answerTo('claude', event, { news, environment })).toBeUndefined()
    },
  )

  test.each([
    [1, ['api'], '1 message waits for you (app) from api: call `sync` of subagent-mcp to read it.'],
    [7, [], '7 messages wait for you (app): call `sync` of subagent-mcp to read them.'],
  ])('%i from %j', (waiting, from, expected) => {
    expect(formatMailNotice({ ...news, waiting, from })).toBe(expected)
  })
})

describe('reports of agents', () => {
  test.each(hosts)('are announced to %s with a prompt, and to no sub-agent', (host) => {
    const reports = { finished: ['a.1'], asking: [] }
    const said = { hook_event_name: events[host].prompt }
    const found = answerTo(host, said, { mode: undefined, reports })
    expect(found).toEqual({
      hookSpecificOutput: {
        hookEventName: events[host].prompt,
        additionalContext: formatReportNotice(reports),
      },
    })
    expect(answerTo(host, said, { reports, environment: { SUBAGENT_MCP_DEPTH: '1' } })).toBeUndefined()
  })
})

test('directives and denials name the tools to use instead, in few words', () => {
  for (const words of [orchestrationDirective, orchestrationReminder, ...Object.values(toolDenialTexts)])
    for (const tool of ['launch_agent', 'invoke', 'wait']) expect(words).toContain(`\`${tool}\``)
  for (const reason of Object.values(toolDenialTexts)) expect(reason).toContain('subagent-mcp mode off')
  expect(orchestrationDirective.length).toBeLessThan(1200)
  expect(orchestrationReminder.length).toBeLessThan(200)
  expect(orchestrationReminder).not.toContain('\n')
})

type Given = Partial<Omit<Parameters<typeof answerHookEvent>[0], 'event'>>

/** The hook's answer in one word; by default the mode is on and the event comes before a tool call. */
function answer(host: string | undefined, said: object, given: Given = {}): string {
  const {
    hook_event_name: name = host === 'gemini' ? 'BeforeTool' : 'PreToolUse',
  }: { hook_event_name?: unknown } = said
  return inAWord(answerTo(host, said, given), name)
}

function answerTo(host: string | undefined, said: object, given: Given): HookAnswer | undefined {
  const name = host === 'gemini' ? 'BeforeTool' : 'PreToolUse'
  const text = JSON.stringify({ session_id: 's', cwd: '/work', hook_event_name: name, ...said })
  const environment = given.environment ?? {}
  const event = parseHookEvent(host, text, environment)
  return (
    event &&
    answerHookEvent({
      ...{ event, mode: on, told: false, news: undefined, reports: undefined },
      ...given,
      environment,
    })
  )
}

function inAWord(found: HookAnswer | undefined, name: unknown): string {
  if (found === undefined) return 'nothing'
  if ('decision' in found) {
    const [kind] = Object.entries(toolDenialTexts).find(([, reason]) => reason === found.reason) ?? ['?']
    return kind
  }
  const { hookEventName, additionalContext } = found.hookSpecificOutput
  expect(hookEventName).toBe(name)
  return additionalContext === orchestrationDirective
    ? 'directive'
    : additionalContext === orchestrationReminder
      ? 'reminder'
      : '?'
}
