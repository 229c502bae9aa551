import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isOurItem } from '../edit/our-items.js'
import { buildHookCommand, createHookMark, buildStatusLineCommand, statusLineMark } from './hook-command.js'
import { bareMachine, fullWiring } from './machine.test.support.js'

const npx = { command: 'npx', args: ['-y', 'subagent-mcp@1.2.3'] }
const windowsNpx = { command: 'cmd', args: ['/c', 'npx', '-y', 'subagent-mcp@1.2.3'] }
const spaced = { command: '/opt/my node/node', args: ["/home/o'hara/subagent-mcp.js"] }
const windows = {
  command: String.raw`C:\Program Files\nodejs\node.exe`,
  args: [String.raw`C:\npm\subagent-mcp.js`],
}

/** On POSIX: node is not started while the mode is off everywhere, and neither reports of agents nor mail wait. */
const offEverywhere =
  '[ ! -e "$SUBAGENT_MCP_HOME/modes.json" ] && [ ! -e "$XDG_STATE_HOME/subagent-mcp/modes.json" ] && [ ! -e "$HOME/.subagent-mcp/modes.json" ]'
const noMode = `${offEverywhere} && ${offEverywhere.replaceAll('modes.json', 'agents.json')}`
const noMail = offEverywhere.replaceAll('modes.json', 'mail.json')

test.each([
  {
    platform: 'linux',
    host: 'claude',
    server: npx,
    line: `${noMode} && ${noMail} || exec npx -y subagent-mcp@1.2.3 hook claude`,
  },
  {
    platform: 'linux',
    host: 'codex',
    server: npx,
    line: `${noMode} || exec npx -y subagent-mcp@1.2.3 hook codex`,
  },
  {
    platform: 'darwin',
    host: 'gemini',
    server: spaced,
    line: String.raw`${noMode} || exec '/opt/my node/node' '/home/o'\''hara/subagent-mcp.js' hook gemini`,
  },
  {
    platform: 'win32',
    host: 'claude',
    server: windows,
    line: '"C:/Program Files/nodejs/node.exe" C:/npm/subagent-mcp.js hook claude',
  },
  {
    platform: 'win32',
    host: 'codex',
    server: windows,
    line: '"C:/Program Files/nodejs/node.exe" C:/npm/subagent-mcp.js hook codex',
  },
  {
    platform: 'win32',
    host: 'gemini',
    server: windows,
    line: "& 'C:/Program Files/nodejs/node.exe' C:/npm/subagent-mcp.js hook gemini",
  },
  ...(['claude', 'codex', 'gemini'] as const).map((host) => {
    const line = `npx -y subagent-mcp@1.2.3 hook ${host}`
    return { platform: 'win32', host, server: windowsNpx, line } as const
  }),
] as const)('on $platform $host runs $line', ({ platform, host, server, line }) => {
  expect(buildHookCommand(bareMachine({ platform }), fullWiring({ server }), host)).toBe(line)
})

test.each([
  { platform: 'linux', line: { wakes: true }, command: '[ "$CLAUDE_CODE_ENTRYPOINT" != cli ] || exec' },
  {
    platform: 'linux',
    line: { wakes: true, signs: ['modes.json'] },
    command: `[ "$CLAUDE_CODE_ENTRYPOINT" != cli ] || { ${offEverywhere}; } || exec`,
  },
  { platform: 'win32', line: { wakes: true, signs: ['modes.json'] }, command: '' },
] as const)('on $platform the hook that wakes runs $command', ({ platform, line, command }) => {
  const found = buildHookCommand(bareMachine({ platform }), fullWiring({ server: npx }), 'claude', line)
  expect(found).toBe(`${command} npx -y subagent-mcp@1.2.3 hook claude wake`.trim())
  expect(isOurItem({ hooks: [{ type: 'command', command: found }] }, createHookMark('claude'))).toBe(true)
})

test.each([
  {
    platform: 'linux',
    server: spaced,
    command: `${offEverywhere.replaceAll('modes.json', 'status.json')} || exec`,
  },
  { platform: 'win32', server: windows, command: '"C:/Program Files/nodejs/node.exe"' },
] as const)('on $platform the status line runs $command', ({ platform, server, command }) => {
  const found = buildStatusLineCommand(bareMachine({ platform }), { server })
  expect(found.startsWith(command)).toBe(true)
  expect(found).toMatch(/ hook claude status$/)
  expect(isOurItem({ type: 'command', command: found }, statusLineMark)).toBe(true)
  expect(isOurItem({ type: 'command', command: 'subagent-mcp hook claude' }, statusLineMark)).toBe(false)
})

describe('in a shell', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hook "line-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  test.each([
    { at: 'own', variables: { SUBAGENT_MCP_HOME: 'own', HOME: '.' } },
    { at: 'state/subagent-mcp', variables: { XDG_STATE_HOME: 'state', HOME: '.' } },
    { at: '.subagent-mcp', variables: { HOME: '.' } },
    { at: '.subagent-mcp', variables: { HOME: '.', SUBAGENT_MCP_HOME: '' } },
  ])('with the mode on or mail in $at the program gets its words', ({ at, variables }) => {
    const env: NodeJS.ProcessEnv = {}
    for (const [name, path] of Object.entries(variables)) env[name] = path && join(folder, path)
    const server = { command: '/bin/echo', args: ["it's", 'a b', '$HOME', '`id`', '"', '\\'] }
    const line = buildHookCommand(bareMachine(), fullWiring({ server }), 'claude')
    const run = () => execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8', env })
    expect(run()).toBe('')
    mkdirSync(join(folder, at), { recursive: true })
    for (const file of ['modes.json', 'agents.json', 'mail.json']) {
      writeFileSync(join(folder, at, file), '{}')
      expect(run()).toBe(`${server.args.join(' ')} hook claude\n`)
      rmSync(join(folder, at, file))
      expect(run()).toBe('')
    }
  })
})

test('no host puts a value of its own into it', () => {
  // Gemini CLI does with both forms; a plain one is the same to the shell afterwards.
  expect(buildHookCommand(bareMachine(), fullWiring(), 'gemini')).not.toContain('${')
})

test.each([
  ['npx -y subagent-mcp@1.2.3 hook claude', true],
  [buildHookCommand(bareMachine(), fullWiring(), 'claude'), true],
  [buildHookCommand(bareMachine(), fullWiring(), 'codex'), false],
  ['node /old/place/node_modules/subagent-mcp/bin/subagent-mcp.js hook claude', true],
  ["'/opt/my node/node' '/x/subagent-mcp.js' hook claude", true],
  ['npx -y subagent-mcp@1.2.3 hook codex', false],
  ['node /x/other.js hook claude', false],
  ['subagent-mcp status', false],
])('%s is ours: %s', (command, ours) => {
  expect(isOurItem({ hooks: [{ type: 'command', command }] }, createHookMark('claude'))).toBe(ours)
})
