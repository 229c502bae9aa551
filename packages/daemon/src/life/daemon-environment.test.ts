import { expect, test } from 'vitest'
import { createDaemonEnvironment, selectTraceVariables } from './daemon-environment.js'

test("the daemon's environment has paths, locale and the product's settings", () => {
  const paths = { HOME: '/h', PATH: '/bin', Path: 'C:\\', TMPDIR: '/t', XDG_STATE_HOME: '/s' }
  const needed = { ...paths, LC_ALL: 'C', NIX_LD: '/n', NIX_LD_LIBRARY_PATH: '/l' }
  const settings = { SUBAGENT_MCP_HOME: '/o', SUBAGENT_MCP_STALLED_AFTER: '5', SystemRoot: 'C:\\Windows' }
  expect(createDaemonEnvironment({ ...needed, ...settings })).toEqual({ ...needed, ...settings })
})

test('it has no keys, no marks of the starting session and no Node options', () => {
  const others = {
    ANTHROPIC_API_KEY: 'k',
    CLAUDECODE: '1',
    CLAUDE_CODE_SESSION_ID: 's',
    NODE_OPTIONS: '--inspect',
    SUBAGENT_MCP_NONCE: 'n',
    SUBAGENT_MCP_DEPTH: '1',
    SUBAGENT_MCP_MAILBOX: 'api',
    SUBAGENT_MCP_TOOLS: 'chat,sync',
    HOMEBREW_GITHUB_API_TOKEN: 't',
  }
  expect(createDaemonEnvironment(others)).toEqual({})
})

test('inside Electron it makes Electron run as Node', () => {
  expect(createDaemonEnvironment({}, { electron: '38.0.0' })).toEqual({ ELECTRON_RUN_AS_NODE: '1' })
})

test('the variables of OpenTelemetry are for the daemon process alone', () => {
  const traces = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_EXPORTER_OTLP_HEADERS: 'key=k' }
  const starter = { ...traces, TRACEPARENT: 't', ANTHROPIC_API_KEY: 'k', HOTEL_X: 'x' }
  expect(selectTraceVariables(starter)).toEqual(traces)
  expect(createDaemonEnvironment(starter)).toEqual({})
})
