import type { SessionSpec } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { argumentsFor, environmentFor } from './arguments.js'
import { permissionVariables } from './permissions.js'

const folder = { path: '/private', systemPromptFile: undefined, mcpConfigFile: undefined }
const spec: SessionSpec = { cwd: '/project', environment: {}, mcp: 'none' }

test.each<[string, Partial<SessionSpec>, string]>([
  ['a model', { model: 'opus' }, '--model=opus'],
  ['an effort', { effort: 'xhigh' }, '--effort=xhigh'],
  ['an effort that is a mode', { effort: 'ultracode' }, '{"disableAllHooks":true,"ultracode":true}'],
  ['the effort of a mode', { effort: 'ultracode' }, '--effort=xhigh'],
  ['no mode but the effort', { effort: 'low' }, '{"disableAllHooks":true,"ultracode":false}'],
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
  expect(argumentsFor({ ...spec, ...more }, folder)).toContain(expected)
})

test('keeps the tools from a task that would outlive it, whatever else it has', () => {
  const spec: SessionSpec = {
    cwd: '/project',
    environment: {},
    mcp: 'none',
    tools: { only: ['Bash', 'Monitor'], without: ['Edit'] },
    ephemeral: true,
  }
  const args = argumentsFor(spec, folder)
  expect(args).toContain('--tools=Bash,Monitor')
  expect(args.find((argument) => argument.startsWith('--disallowedTools='))).toMatch(
    /^--disallowedTools=CronCreate,.*Monitor,.*Workflow,.*,Edit$/,
  )
  expect(environmentFor(spec, folder)).toMatchObject({ CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1' })
})

test('inherits the servers of the user only when told to', () => {
  expect(argumentsFor({ ...spec, mcp: 'inherit' }, folder)).not.toContain('--strict-mcp-config')
})

test('names files, never what is in them', () => {
  const files = {
    ...folder,
    systemPromptFile: '/private/system-prompt.md',
    mcpConfigFile: '/private/mcp.json',
  }
  const args = argumentsFor({ ...spec, appendSystemPrompt: 'a secret', mcp: ['files'] }, files)
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
  expect(argumentsFor({ ...spec, permissions }, folder)).toContain(mode)
})

test.each(['read-only', 'ask', 'accept-edits', 'full-auto'] as const)(
  '%s asks for all where it is told to, whatever the settings of the user let pass',
  (permissions) => {
    const args = argumentsFor({ ...spec, permissions, asksAll: true }, folder).join(' ')
    expect(args).toContain('--permission-mode default')
    expect(args).toContain('"permissions":{"ask":["*"]},"sandbox":{"autoAllowBashIfSandboxed":false}}')
  },
)

test('root needs a sandbox to ask for nothing', () => {
  expect(permissionVariables({ permissions: 'full-auto' }, true)).toEqual({ IS_SANDBOX: '1' })
  expect(permissionVariables({ permissions: 'full-auto' }, false)).toEqual({})
  const inItsFolder = { CLAUDE_BASH_MAINTAIN_PROJECT_WORKING_DIR: '1' }
  expect(permissionVariables({ permissions: 'full-auto', asksAll: true }, true)).toEqual(inItsFolder)
  expect(permissionVariables({ permissions: 'accept-edits' }, true)).toEqual(inItsFolder)
})

test('asks over stdio, whatever mode the settings of the user say, and runs no hooks of theirs', () => {
  const args = argumentsFor(spec, folder).join(' ')
  expect(args).toContain('--permission-prompt-tool stdio --permission-mode default')
  expect(args).toContain('--settings {"disableAllHooks":true}')
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
  expect(environmentFor({ ...spec, environment, depth: 2 }, folder)).toEqual({
    CLAUDE_BASH_MAINTAIN_PROJECT_WORKING_DIR: '1',
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
  expect(environmentFor({ ...spec, ceiling: 'ask' }, folder)).toMatchObject({ SUBAGENT_MCP_CEILING: 'ask' })
})
