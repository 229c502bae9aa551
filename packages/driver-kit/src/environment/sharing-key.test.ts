import { describe, expect, test } from 'vitest'
import { terminalWindowVariables } from './session-noise.js'
import { computeEnvironmentKey } from './sharing-key.js'

const user = { HOME: '/home/me', PATH: '/usr/bin', OPENAI_API_KEY: 'sk-secret' }

describe('is the same', () => {
  test.each([
    ['whatever the order', { OPENAI_API_KEY: 'sk-secret', PATH: '/usr/bin', HOME: '/home/me' }],
    ['in another folder', { ...user, PWD: '/b', OLDPWD: '/a', SHLVL: '3', _: '/usr/bin/env' }],
    ['in another terminal', { ...user, TERM: 'xterm', TERM_PROGRAM: 'iTerm', COLUMNS: '80', COLORTERM: '1' }],
    ['in tmux', { ...user, TMUX: '/tmp/t,1,0', TMUX_PANE: '%1', STY: '1.pts' }],
    ['over SSH', { ...user, SSH_TTY: '/dev/pts/1', SSH_CONNECTION: 'a', XDG_SESSION_TYPE: 'tty' }],
    ['in an editor', { ...user, VSCODE_PID: '1', ITERM_PROFILE: 'd', KITTY_PID: '4', WT_SESSION: 'x' }],
    ['in a session of another program', { ...user, TERM_SESSION_ID: 'a', OTHER_SESSION_ID: 'b' }],
    [
      'under npx',
      { ...user, npm_command: 'exec', npm_lifecycle_event: 'npx', npm_package_name: 'p', INIT_CWD: '/p' },
    ],
  ])('%s', (_name, environment) => {
    expect(computeEnvironmentKey(environment)).toBe(computeEnvironmentKey(user))
  })
})

describe('is another', () => {
  test.each([
    ['with another key', { ...user, OPENAI_API_KEY: 'sk-other' }],
    ['with another home', { ...user, HOME: '/home/you' }],
    ['with another path', { ...user, PATH: '/usr/bin:/opt/bin' }],
    ['with a registry of npm', { ...user, npm_config_registry: 'https://mine' }],
    ['with a token of npm', { ...user, 'npm_config_//mine/:_authToken': 't' }],
    ["with a line to an editor's credentials", { ...user, VSCODE_GIT_IPC_HANDLE: '/tmp/vscode-git.sock' }],
    ['with a proxy', { ...user, HTTPS_PROXY: 'http://proxy' }],
    ['with an agent for SSH keys', { ...user, SSH_AUTH_SOCK: '/tmp/agent' }],
    ['at another depth', { ...user, SUBAGENT_MCP_DEPTH: '2' }],
    ['under another ceiling', { ...user, SUBAGENT_MCP_CEILING: 'c' }],
    ['with an empty variable', { ...user, EMPTY: '' }],
    ['when a value moves to another name', { ...user, PATH: 'sk-secret', OPENAI_API_KEY: '/usr/bin' }],
  ])('%s', (_name, environment) => {
    expect(computeEnvironmentKey(environment)).not.toBe(computeEnvironmentKey(user))
  })
})

test('tells no secret', () => {
  expect(computeEnvironmentKey(user)).toMatch(/^[0-9a-f]{64}$/)
})

test('the noise names each variable once', () => {
  const names = terminalWindowVariables.flatMap(({ names, prefixes = [] }) => [...names, ...prefixes])
  expect(new Set(names).size).toBe(names.length)
})
