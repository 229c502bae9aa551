import { expect, test } from 'vitest'
import { createCodexHookTrust } from './hook-trust.js'

const ours = '/usr/bin/node /tmp/j-scratch/app/subagent-mcp.js hook codex'
const handler = { type: 'command', command: ours, timeout: 10 }
const others = { hooks: [{ type: 'command', command: 'true' }] }

/** The hashes are what codex 0.169.0 said itself (`hooks/list` of its app-server). */
test('is what codex reckons, by place and content', () => {
  const file = {
    description: 'kept',
    hooks: {
      PreToolUse: [others, { matcher: '^(Bash|apply_patch|.*spawn_agent)$', hooks: [handler] }],
      SessionStart: [{ hooks: [handler] }],
      UserPromptSubmit: [{ matcher: 'not looked at', hooks: [others.hooks[0], handler] }],
    },
  }
  expect(createCodexHookTrust('/home/ada/.codex/hooks.json', file)).toEqual([
    {
      key: '/home/ada/.codex/hooks.json:pre_tool_use:1:0',
      hash: 'sha256:721fd4d12a30dbc8da644c8e993b4a66baf1d7e773fce5ab0a189befa59b6337',
    },
    {
      key: '/home/ada/.codex/hooks.json:session_start:0:0',
      hash: 'sha256:46b65b5912256ecb8deec3934597ce513a3531882e4515426abae7793bec856b',
    },
    {
      key: '/home/ada/.codex/hooks.json:user_prompt_submit:0:1',
      hash: 'sha256:476d0972cff4f78364104a55e67264152f91e10e4a252e0753f6362a7b1efc7f',
    },
  ])
})

test('needs nothing where there is no hook of ours', () => {
  expect(createCodexHookTrust('/x/hooks.json', { hooks: null })).toEqual([])
  expect(createCodexHookTrust('/x/hooks.json', { hooks: { Stop: [others] } })).toEqual([])
  expect(createCodexHookTrust('/x/hooks.json', {})).toEqual([])
})
