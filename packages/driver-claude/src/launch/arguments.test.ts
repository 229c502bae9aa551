import type { SessionSpec } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { buildClaudeArguments, buildClaudeEnvironment, buildClaudeSettings } from './arguments.js'
import { buildPermissionVariables } from './arguments.js'

const folder = {
  path: '/private',
  settingsFile: '/private/settings.json',
  systemPromptFile: undefined,
  mcpConfigFile: undefined,
  agentsFile: undefined,
}
const spec: SessionSpec = { cwd: '/project', environment: {}, mcp: 'none' }
const project = { instructionFolders: [], deny: [] }

test.each<[string, Partial<SessionSpec>, string]>([
  ['a model', { model: 'opus' }, '--model=opus'],
  ['an effort', { effort: 'xhigh' }, '--effort=xhigh'],
  ['the effort of a mode', { effort: 'ultracode' }, '--effort=xhigh'],
  ['an earlier session', { resumeSessionId: 'abc' }, '--resume=abc'],
  ['no servers', { mcp: 'none' }, '--strict-mcp-config'],
  ['some tools', { tools: { only: ['Read', 'Grep'] } }, '--tools=Read,Grep'],
  ['no tools', { tools: { only: [] } }, '--tools='],
  [
    'tools that it has not',
    { tools: { without: ['Bash(rm *)', 'Edit'] } },
    '--disallowedTools=Bash(rm *),Edit',
  ],
  ['a limit of requests', { maxTurns: 3 }, '--max-turns=3'],
  ['nothing to resume', { ephemeral: true }, '--no-session-persistence'],
  ['a value that looks like an option stays a value', { model: '--help' }, '--model=--help'],
])('%s', (_, more, expected) => {
  expect(buildClaudeArguments({ ...spec, ...more }, folder, project)).toContain(expected)
})

test.each([
  ['ultracode', true],
  ['low', false],
] as const)('an effort of %s is the mode: %s', (effort, ultracode) => {
  expect(buildClaudeSettings({ ...spec, effort }, project)).toEqual({ disableAllHooks: true, ultracode })
})

test('takes the settings of the user alone, and the instructions and sub-agents of the project', () => {
  const args = buildClaudeArguments(
    spec,
    { ...folder, agentsFile: '/private/agents.json' },
    { instructionFolders: ['/', '/project'] },
  )
  expect(args).toEqual(
    expect.arrayContaining([
      ...['--setting-sources=user', '--settings=/private/settings.json'],
      ...['--add-dir=/', '--add-dir=/project', '--agents=/private/agents.json'],
    ]),
  )
  expect(buildClaudeEnvironment(spec, folder)).toMatchObject({
    CLAUDE_CODE_ADDITIONAL_DIRECTORIES_CLAUDE_MD: '1',
  })
})

test.each([true, undefined])(
  'what the project denies is denied, where all is asked (%s) or not',
  (asksAll) => {
    expect(
      buildClaudeSettings({ ...spec, ...(asksAll && { asksAll }) }, { deny: ['Read(.env)'] }),
    ).toMatchObject({
      permissions: { ...(asksAll && { ask: ['*'] }), deny: ['Read(.env)'] },
    })
  },
)

test('keeps the tools from a task that would outlive it, whatever else it has', () => {
  const spec: SessionSpec = {
    cwd: '/project',
    environment: {},
    mcp: 'none',
    tools: { only: ['Bash', 'Monitor'], without: ['Edit'] },
    ephemeral: true,
  }
  const args = buildClaudeArguments(spec, folder, project)
  expect(args).toContain('--tools=Bash,Monitor')
  expect(args.find((argument) => argument.startsWith('--disallowedTools='))).toMatch(
    /^--disallowedTools=CronCreate,.*Monitor,.*Workflow,.*,Edit$/,
  )
  expect(buildClaudeEnvironment(spec, folder)).toMatchObject({ CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1' })
})

test('inherits the servers of the user only when told to', () => {
  expect(buildClaudeArguments({ ...spec, mcp: 'inherit' }, folder, project)).not.toContain(
    '--strict-mcp-config',
  )
})

test('names files, never what is in them', () => {
  const files = {
    ...folder,
    systemPromptFile: '/private/system-prompt.md',
    mcpConfigFile: '/private/mcp.json',
  }
  const args = buildClaudeArguments(
    { ...spec, appendSystemPrompt: 'a secret', mcp: ['files'] },
    files,
    project,
  )
  expect(args).toEqual(
    expect.arrayContaining([
      '--strict-mcp-config',
      '--mcp-config=/private/mcp.json',
      '--append-system-prompt-file=/private/system-prompt.md',
    ]),
  )
  expect(args.join(' ')).not.toContain('secret')
})

test.each([
  ['read-only', 'dontAsk'],
  ['ask', 'default'],
  ['accept-edits', 'acceptEdits'],
  ['full-auto', 'bypassPermissions'],
] as const)('%s is the mode %s', (permissions, mode) => {
  expect(buildClaudeArguments({ ...spec, permissions }, folder, project)).toContain(mode)
})

test.each(['read-only', 'ask', 'accept-edits', 'full-auto'] as const)(
  '%s asks for all where it is told to, whatever the settings of the user let pass',
  (permissions) => {
    const asked = { ...spec, permissions, asksAll: true } as const
    expect(buildClaudeArguments(asked, folder, project).join(' ')).toContain('--permission-mode default')
    expect(buildClaudeSettings(asked, project)).toMatchObject({
      permissions: { ask: ['*'] },
      sandbox: { autoAllowBashIfSandboxed: false },
    })
  },
)

test('root needs a sandbox to ask for nothing', () => {
  expect(buildPermissionVariables({ permissions: 'full-auto' }, true)).toEqual({ IS_SANDBOX: '1' })
  expect(buildPermissionVariables({ permissions: 'full-auto' }, false)).toEqual({})
  const inItsFolder = { CLAUDE_BASH_MAINTAIN_PROJECT_WORKING_DIR: '1' }
  expect(buildPermissionVariables({ permissions: 'full-auto', asksAll: true }, true)).toEqual(inItsFolder)
  expect(buildPermissionVariables({ permissions: 'accept-edits' }, true)).toEqual(inItsFolder)
})

test('asks over stdio, whatever mode the settings of the user say, and runs no hooks of theirs', () => {
  const args = buildClaudeArguments(spec, folder, project).join(' ')
  expect(args).toContain('--permission-prompt-tool stdio --permission-mode default')
  expect(buildClaudeSettings(spec, project)).toEqual({ disableAllHooks: true })
})

test('keeps the sign-in and drops the session of the caller', () => {
  const environment = {
    PATH: '/bin',
    CLAUDECODE: '1',
    CLAUDE_CODE_OAUTH_TOKEN: 'token',
    CLAUDE_CODE_TMPDIR: '/theirs',
    SUBAGENT_MCP_DEPTH: '1',
    SUBAGENT_MCP_CEILING: 'theirs',
  }
  expect(buildClaudeEnvironment({ ...spec, environment, depth: 2 }, folder)).toEqual({
    CLAUDE_BASH_MAINTAIN_PROJECT_WORKING_DIR: '1',
    CLAUDE_CODE_ADDITIONAL_DIRECTORIES_CLAUDE_MD: '1',
    CLAUDE_CODE_DISABLE_CRON: '1',
    PATH: '/bin',
    CLAUDE_CODE_OAUTH_TOKEN: 'token',
    CLAUDE_CODE_TMPDIR: '/private',
    CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
    CLAUDE_CODE_ATTRIBUTION_HEADER: '0',
    CLAUDE_CODE_EAGER_FLUSH: '1',
    DISABLE_AUTOUPDATER: '1',
    SUBAGENT_MCP_DEPTH: '2',
  })
})

test('tells its child the ceiling of what it launches', () => {
  expect(buildClaudeEnvironment({ ...spec, ceiling: 'ask' }, folder)).toMatchObject({
    SUBAGENT_MCP_CEILING: 'ask',
  })
})
