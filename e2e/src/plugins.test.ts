import { thorough } from '@subagent-mcp/testkit'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { claudePath, cliPathVariables, codexPath, geminiPath, mcpbPath } from './cli-paths.js'
import { useHostStage } from './host-stage.js'
import { startRegistry } from './loopback-registry.js'
import { serverScript, startHost } from './mcp-host.js'
import { serverEnvironment, type EnvVariables } from './server-stage.js'

const stage = useHostStage()

/** The checkout, whose marketplaces and plugins the hosts install. */
const checkout = fileURLToPath(new URL('../../', import.meta.url))
const plugin = (host: string): string => join(checkout, 'plugins', host)

/** How each host is started for one prompt, and how its model names our tools in a plugin and after setup. */
const hosts = {
  claude: {
    to: 'anthropic',
    line: [claudePath, '--allowedTools', 'mcp__plugin_subagent-mcp_subagent-mcp', '-p'],
    tool: 'mcp__plugin_subagent-mcp_subagent-mcp__',
    setUpTool: 'mcp__subagent-mcp__',
  },
  codex: {
    to: 'openai',
    line: [codexPath, 'exec', '--skip-git-repo-check', '--dangerously-bypass-hook-trust'],
    tool: 'mcp__subagent_mcp.',
    setUpTool: 'mcp__subagent_mcp.',
  },
  gemini: {
    to: 'gemini',
    line: [geminiPath, '--approval-mode', 'yolo', '-p'],
    tool: 'mcp_subagent-mcp_',
    setUpTool: 'mcp_subagent-mcp_',
  },
} as const
type PluginHost = keyof typeof hosts

/** Words that stand only in the directive of orchestration mode, which our hooks give. */
const directiveWords = 'you plan and decide, agents do the work'

test(
  '[plugin] Claude accepts and installs the plugin, has its tools, skill and hooks, and beside setup each once; doctor and uninstall name it',
  thorough,
  async () => {
    await stage().subagentMcp('mode', 'on')
    await run([claudePath, 'plugin', 'validate', '--strict', checkout])
    await run([claudePath, 'plugin', 'validate', '--strict', plugin('claude')])
    const once = await session('claude', hosts.claude.tool, ['--plugin-dir', plugin('claude')])
    expect(once.at(-1)).toContain('no agents yet')
    await run([claudePath, 'plugin', 'marketplace', 'add', checkout])
    await run([claudePath, 'plugin', 'install', 'subagent-mcp@subagent-mcp'])
    const both = await checkBeside(
      'claude',
      'Claude Code',
      'claude plugin uninstall subagent-mcp@subagent-mcp',
    )
    expect(both).not.toContain(hosts.claude.tool)
  },
)

test(
  '[plugin] Codex has the tools, the skill and the hooks of the plugin, and beside setup each once',
  thorough,
  async () => {
    await stage().subagentMcp('mode', 'on')
    await run([codexPath, 'plugin', 'marketplace', 'add', patientCheckout()])
    await run([codexPath, 'plugin', 'add', 'subagent-mcp@subagent-mcp'])
    await checkBeside('codex', 'Codex', 'codex plugin remove subagent-mcp@subagent-mcp')
  },
)

test(
  '[plugin] Gemini has the tools, the skill and the hooks of the extension, and beside setup each once',
  thorough,
  async () => {
    await stage().subagentMcp('mode', 'on')
    await run([geminiPath, 'extensions', 'validate', plugin('gemini')])
    await run([geminiPath, 'extensions', 'install', plugin('gemini'), '--consent'])
    await checkBeside('gemini', 'Gemini CLI', 'gemini extensions uninstall subagent-mcp')
  },
)

test(
  '[plugin] the bundle for Claude Desktop is packed, unpacked and serves; beside setup it offers no tools',
  thorough,
  async () => {
    const { home, subagentMcp } = stage()
    const place = (name: string): string => join(home.home, name)
    const [source, bundle, unpacked] = [place('source'), place('our.mcpb'), place('unpacked')]
    const registry = await startRegistry()
    const install = ['install', '--prefix', source, '--registry', registry.url, 'subagent-mcp']
    await run(['npm', ...install])
    await registry.close()
    cpSync(join(plugin('mcpb'), 'manifest.json'), join(source, 'manifest.json'))
    await run([mcpbPath, 'validate', join(source, 'manifest.json')])
    await run([mcpbPath, 'pack', source, bundle])
    await run([mcpbPath, 'unpack', bundle, unpacked])
    const tools = async (): Promise<number> => {
      const { server } = Bundle.parse(JSON.parse(readFileSync(join(unpacked, 'manifest.json'), 'utf8')))
      const [script = '', ...args] = server.mcp_config.args.map((word) =>
        word.replace('${__dirname}', unpacked),
      )
      const host = await startHost({ cwd: home.cwd, environment: serverEnvironment(home), script, args })
      const { tools: offered } = await host.client.listTools()
      await host.close()
      return offered.length
    }
    expect(await tools()).toBeGreaterThan(0)
    await subagentMcp('setup', '--host', 'claude-desktop', '--yes')
    expect(await tools()).toBe(0)
  },
)

const Bundle = z.object({ server: z.object({ mcp_config: z.object({ args: z.array(z.string()) }) }) })

/** Copies what Codex needs of the checkout, so that Codex waits for our server. Otherwise it asks its model before it knows our tools. */
function patientCheckout(): string {
  const copy = join(stage().home.home, 'checkout')
  for (const name of ['.agents', 'plugins/codex'])
    cpSync(join(checkout, name), join(copy, name), { recursive: true })
  const servers = join(copy, 'plugins/codex/.mcp.json')
  writeFileSync(servers, readFileSync(servers, 'utf8').replace('"env_vars"', '"required": true, "env_vars"'))
  return copy
}

/**
 * Runs a session with the plugin alone and one with setup beside it; in both, tools and hooks must be there once. Doctor names the
 * plugin in both, and uninstall says how to remove it. Returns the first request with both.
 */
async function checkBeside(host: PluginHost, label: string, removal: string): Promise<string> {
  const alone = await session(host, hosts[host].tool)
  expect(alone.at(-1)).toContain('no agents yet')
  expect(alone[0]).toContain(host === 'claude' ? 'subagent-mcp:delegate' : 'delegate')
  expect(directives(alone[0])).toBe(1)
  expect(await doctor()).toContain(`${label}: our plugin is in use`)

  await run([...ours, 'setup', '--host', host, '--yes'])
  const both = await session(host, hosts[host].setUpTool)
  expect(both.at(-1)).toContain('no agents yet')
  expect(directives(both[0])).toBe(1)
  expect(await doctor()).toContain(`${label} has our plugin, too`)
  expect(await run([...ours, 'uninstall', '--yes'])).toContain(removal)
  return both[0] ?? ''
}

const ours = [process.execPath, serverScript]

/** The findings of doctor without the CLIs of agents, whose versions it would ask. It fails where other hosts are not set up. */
async function doctor(): Promise<string> {
  const noClis = Object.fromEntries(Object.keys(cliPathVariables).map((name) => [name, undefined]))
  return run([...ours, 'doctor'], noClis).catch((error: unknown) =>
    String(Reflect.get(Object(error), 'stdout')),
  )
}

/** Runs a session whose model lists our agents. Returns the requests of its conversation. */
async function session(host: PluginHost, tool: string, options: readonly string[] = []): Promise<string[]> {
  const { model } = stage()
  const seen = model.requests.length
  const { to, line } = hosts[host]
  model.script([{ match: 'DO IT', to, steps: [{ type: 'tool', tool: `${tool}list_agents`, input: {} }] }])
  const [command, ...words] = line
  await run([command, ...options, ...words, 'DO IT'])
  const bodies = model.requests.slice(seen).map(({ bodyText }) => bodyText)
  return bodies.filter((body) => body.includes('DO IT'))
}

function directives(body = ''): number {
  return body.split(directiveWords).length - 1
}

/** Runs a program with our command in PATH, as after a global installation. Returns its stdout. */
async function run(line: readonly string[], variables: EnvVariables = {}): Promise<string> {
  const { home, run: runInHome } = stage()
  const bin = join(home.home, 'bin')
  if (mkdirSync(bin, { recursive: true }))
    writeFileSync(join(bin, 'subagent-mcp'), `#!/bin/sh\nexec node '${serverScript}' "$@"\n`, { mode: 0o755 })
  const PATH = `${bin}${delimiter}${home.environment['PATH'] ?? ''}`
  return (await runInHome(line, { PATH, ...variables })).stdout
}
