import { thorough } from '@subagent-mcp/testkit'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { claudePath, codexPath, geminiPath } from './cli-paths.js'
import { testEachCli } from './each-provider.js'
import { useHostStage } from './host-stage.js'
import { serverScript } from './mcp-host.js'

const stage = useHostStage()

/** The paths, below the home folder, of the files that setup writes for the three hosts. */
const wiredFiles = [
  '.claude.json',
  '.claude/settings.json',
  '.codex/config.toml',
  '.codex/hooks.json',
  '.gemini/settings.json',
]

test(
  '[wired] the hosts list our server after setup, a second setup changes nothing, and after uninstall it is gone',
  thorough,
  async () => {
    // Claude writes into its state file by itself. This first run makes it do so before setup.
    await run(claudePath, ['mcp', 'list'])
    const before = files()
    await setup()
    const wired = files()
    expect(await setup()).toContain('everything is registered already: nothing to write')
    expect(files()).toEqual(wired)
    expect(await run(claudePath, ['mcp', 'list'])).toMatch(/^subagent-mcp: .* serve - ✔ Connected$/m)
    expect(await geminiServers()).toMatch(/✓ subagent-mcp: .* serve \(stdio\) - Connected/)
    expect(JSON.parse(await run(codexPath, ['mcp', 'get', 'subagent-mcp', '--json']))).toMatchObject({
      enabled: true,
      transport: { type: 'stdio', command: process.execPath, args: [serverScript, 'serve'] },
      tool_timeout_sec: 3600,
    })
    await stage().subagentMcp('uninstall', '--yes')
    const { '.claude.json': state, ...rest } = files()
    expect(state).not.toContain('subagent-mcp')
    expect(rest).toEqual({ ...before, '.claude.json': undefined })
    expect(await run(claudePath, ['mcp', 'list'])).not.toContain('subagent-mcp')
    expect(await run(codexPath, ['mcp', 'list'])).not.toContain('subagent-mcp')
    expect(await geminiServers()).not.toContain('subagent-mcp')
  },
)

test('[unwired] uninstall restores the files of users byte for byte', async () => {
  const before = {
    '.claude.json': '{"numStartups": 3,\n\t"mcpServers": {"x": {"command": "true"}}}',
    '.claude/settings.json': '\uFEFF{\r\n\t"permissions": { "allow": [] }\r\n}\r\n',
    '.codex/config.toml': `# mine\r\n${read('.codex/config.toml')?.replaceAll('\n', '\r\n')}\r\n[mcp_servers.x] # other\r\ncommand = "true"`,
    '.codex/hooks.json':
      '{ "hooks": { "Stop": [{ "hooks": [{ "type": "command", "command": "true" }] }] } }\n',
    '.gemini/settings.json': read('.gemini/settings.json')?.replace('{', '{ // mine\n '),
  }
  for (const [path, text] of Object.entries(before)) write(path, text ?? '')
  await setup()
  for (const path of wiredFiles) expect(read(path)).toContain('subagent-mcp')
  expect(await run(codexPath, ['mcp', 'list'])).toContain('subagent-mcp')
  await stage().subagentMcp('uninstall', '--yes')
  expect(files()).toEqual(before)
})

/** For each host, how its model calls our tools, and how a session for one prompt is started. */
const sessions = {
  claude: { to: 'anthropic', tool: 'mcp__subagent-mcp__', command: claudePath, args: ['-p'] },
  codex: {
    to: 'openai',
    tool: 'mcp__subagent_mcp.',
    command: codexPath,
    args: ['exec', '--skip-git-repo-check'],
  },
  gemini: { to: 'gemini', tool: 'mcp_subagent-mcp_', command: geminiPath, args: ['-p'] },
} as const

testEachCli(
  '[wired-session] a session of %s launches an agent, waits for it, and gets its answer',
  // elicitation.test.ts and next-daemon.test.ts have wired sessions of the other two that launch and wait.
  { locally: [], inSoak: ['claude', 'codex'] },
  async (provider) => {
    const { to, tool, command, args } = sessions[provider]
    await setup()
    if (to === 'openai') stage().requireServer()
    const launch = { task_category: 'mechanical', provider: 'claude', model: 'sonnet' }
    stage().model.script([
      {
        match: 'DELEGATE IT',
        to,
        steps: [
          {
            type: 'tool',
            tool: `${tool}launch_agent`,
            input: { ...launch, prompt: '[[say: pong from below]]' },
          },
          { type: 'tool', tool: `${tool}wait`, input: {} },
        ],
      },
    ])
    expect(await run(command, [...args, 'DELEGATE IT'])).toMatch(
      /agent \w+ turn 1 finished[^]*pong from below/,
    )
  },
)

test('[wired-session] codex trusts and runs our hooks', async () => {
  await setup()
  const { stderr } = await stage().run([codexPath, 'exec', '--skip-git-repo-check', '[[say: hello]]'])
  expect(stderr).toContain('hook: SessionStart Completed')
  expect(stderr).toContain('hook: UserPromptSubmit Completed')
})

/** The output of `gemini mcp list`, which goes to stderr. */
async function geminiServers(): Promise<string> {
  return (await stage().run([geminiPath, 'mcp', 'list'])).stderr
}

function setup(): Promise<string> {
  return stage().subagentMcp('setup', '--host', 'claude,codex,gemini', '--yes')
}

async function run(command: string, args: readonly string[]): Promise<string> {
  return (await stage().run([command, ...args])).stdout
}

/** The contents of the files that setup writes. A missing file is `undefined`. */
function files(): Record<string, string | undefined> {
  return Object.fromEntries(wiredFiles.map((path) => [path, read(path)]))
}

function read(path: string): string | undefined {
  const file = join(stage().home.home, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(stage().home.home, path)), { recursive: true })
  writeFileSync(join(stage().home.home, path), text)
}
