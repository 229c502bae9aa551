import { expect, test } from 'vitest'
import { limitGeminiTools } from './gemini-limits.js'

const limits = (spec: Partial<Parameters<typeof limitGeminiTools>[0]>) =>
  limitGeminiTools({ mcp: 'none', cwd: '/nowhere', environment: { HOME: '/nowhere' }, ...spec })

/** Returns the tools that Gemini's policy denies for a session spec. */
function denied(spec: Parameters<typeof limits>[0]): string[] {
  const made = limits(spec)
  if ('failure' in made) throw new Error(made.failure.message)
  return [...made.policy.matchAll(/^toolName = "(\w+)"\ndecision = "deny"/gm)].flatMap(
    ([, name]) => name ?? [],
  )
}

test('a process is ruled in nothing that was not asked for', () => {
  expect(limits({})).toMatchObject({ policy: '' })
})

test('the tools that are left out are denied, also under the name that they had', () => {
  expect(denied({ tools: { without: ['run_shell_command', 'search_file_content'] } })).toEqual([
    ...['run_shell_command', 'grep_search'],
  ])
})

test('of some tools only, all others are denied, and those of MCP servers are no matter', () => {
  const names = denied({ tools: { only: ['read_file', 'glob'], without: ['glob'] } })
  expect(names).toContain('run_shell_command')
  expect(names).toContain('glob')
  expect(names).not.toContain('read_file')
})

test('a tool that is not there is a failure that names those that are', () => {
  const made = limits({ tools: { only: ['Read'] } })
  expect(made).toMatchObject({ failure: { message: 'gemini has no tool named Read' } })
  expect('failure' in made && made.failure.hint).toContain('read_file')
})

const still = { still: {}, 'a-b': {}, _x: {} }

test('tools of the MCP servers of a session can be left out, one or all of a server', () => {
  const made = limits({ mcpServers: still, tools: { without: ['mcp_still_bye', 'mcp_a-b_*'] } })
  expect('policy' in made && made.policy).toMatch(/toolName = "mcp_still_bye"\ndecision = "deny"/)
  expect('policy' in made && made.policy).toMatch(/toolName = "mcp_a-b_\*"\ndecision = "deny"/)
})

test.each([
  { only: ['read_file', 'mcp_still_hello'] },
  ...[
    'mcp__still__bye',
    'mcp_still-bye',
    'mcp_still__*x',
    'mcp_other_bye',
    'mcp_still_',
    'mcp_*',
    'mcp__x_bye',
  ].map((tool) => ({ without: [tool] })),
])('what the CLI would pass over is refused: %j', (tools) => {
  const made = limits({ mcpServers: still, tools })
  const hint =
    'name it in `without`, as mcp_<server>_<tool> or mcp_<server>_*; the servers are: still, a-b, _x'
  expect(made).toMatchObject({ failure: { reason: 'bad-request', hint } })
})

test("MCP servers that are let in by name, the session's own too, ask like any other tool", () => {
  const made = limits({ mcpServers: { bell: {} } })
  expect(made).toMatchObject({ args: ['--extensions=none', '--allowed-mcp-server-names=bell'] })
  expect('policy' in made && made.policy).toMatch(/mcpName = "\*"[^]*decision = "ask_user"/)
})

test('all is asked for where it is told to, before any rule of the user, and what is denied stays denied', () => {
  const made = limits({ asksAll: true, tools: { without: ['write_file'] } })
  const policy = 'policy' in made ? made.policy : ''
  const asked = 'decision = "ask_user"\npriority = 999\n'
  expect(policy).toContain(`"read_file","write_file","replace","run_shell_command","web_fetch"]\n${asked}`)
  expect(policy).toContain(`mcpName = "*"\ntoolName = "*"\n${asked}`)
  expect(policy.indexOf('"deny"')).toBeLessThan(policy.indexOf('"ask_user"'))
})
