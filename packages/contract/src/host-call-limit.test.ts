import { expect, test } from 'vitest'
import {
  readHostCallTimeLimit,
  findModelProviderOfHost,
  findModelProviderOfCommand,
} from './host-call-limit.js'

test.each<[client: string | undefined, environment: Record<string, string>, seconds: number]>([
  ['claude-code', {}, 100_000],
  ['claude-code', { MCP_TOOL_TIMEOUT: '30000' }, 30],
  ['claude-code', { MCP_TOOL_TIMEOUT: 'soon' }, 100_000],
  ['claude-ai', {}, 60],
  ['local-agent-mode-subagent-mcp', {}, 60],
  ['cursor-vscode', {}, 300],
  ['codex-mcp-client', {}, 300],
  ['codex-mcp-client', { MCP_TOOL_TIMEOUT: '30000' }, 300],
  ['codex-mcp-client', { SUBAGENT_MCP_CALL_LIMIT: '3600' }, 3600],
  ['gemini-cli-mcp-client', {}, 600],
  ['mcp', {}, 60],
  [undefined, {}, 60],
  [undefined, { SUBAGENT_MCP_CALL_LIMIT: '0' }, 60],
])('%s with %o gives a call up after %d s', (client, environment, seconds) => {
  expect(readHostCallTimeLimit(client, environment)).toBe(seconds)
})

test.each([
  ['claude-code', 'claude'],
  ['claude-ai', 'claude'],
  ['codex-mcp-client', 'codex'],
  ['gemini-cli-mcp-client', 'gemini'],
  ['cursor-vscode', undefined],
  ['mcp', undefined],
  [undefined, undefined],
])('%s runs on models of %s', (client, vendor) => {
  expect(findModelProviderOfHost(client)).toBe(vendor)
})

test.each<[environment: Record<string, string>, vendor: string | undefined]>([
  [{ CLAUDECODE: '1' }, 'claude'],
  [{ CODEX_THREAD_ID: 't' }, 'codex'],
  [{ CODEX_THREAD_ID: 't', CLAUDECODE: '1' }, 'codex'],
  [{ GEMINI_CLI: '1' }, 'gemini'],
  [{ CLAUDE_CONFIG_DIR: '/c', CODEX_HOME: '/x', CLAUDECODE: '' }, undefined],
])('a command with %o is run by a model of %s', (environment, vendor) => {
  expect(findModelProviderOfCommand(environment)).toBe(vendor)
})
