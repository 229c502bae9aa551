import { checkForLeaks } from '@subagent-mcp/testkit'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { guardGeminiProject } from './gemini-guard.js'
import { findHarmfulGeminiFiles } from './gemini-project.js'
import { describeProjectFinding } from '../guards/project-files.js'
import { recheckProjectFiles, type GuardedSessionSpec } from '../guards/project-guard.js'

checkForLeaks()

let home: string
let cwd: string
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'gemini-project-')))
  cwd = join(home, 'work', 'project')
  for (const folder of [join(cwd, '.gemini'), join(home, '.gemini')]) mkdirSync(folder, { recursive: true })
})
afterEach(() => rmSync(home, { recursive: true }))

function write(path: string, content: string | object): void {
  const file = join(cwd, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
}

const specOf = (more: Partial<GuardedSessionSpec> = {}): GuardedSessionSpec => ({
  ...{ cwd, environment: { HOME: home }, mcp: 'none', asksAll: true },
  ...more,
})

/** Returns the files that Gemini's guard finds harmful in the test project, without the project's path. */
function found(more: Partial<GuardedSessionSpec> = {}): string[] {
  return findHarmfulGeminiFiles(specOf(more)).map((one) => describeProjectFinding(one).replace(`${cwd}/`, ''))
}

describe.skipIf(process.platform === 'win32')('a project', () => {
  test('with what is harmless, or is switched off otherwise, has nothing that is found', () => {
    write('.gemini/settings.json', {
      $schema: 'x',
      ui: { theme: 'Dark' },
      model: { name: 'pro', maxSessionTurns: 9 },
      context: { fileName: ['AGENTS.md', 'GEMINI.md'], fileFiltering: { respectGitIgnore: false } },
      tools: { core: ['read_file'], exclude: ['x'], allowed: ['run_shell_command'] },
      mcp: { excluded: ['x'] },
      mcpServers: { theirs: { command: 'x' }, 'a.b': { command: 'x' } },
      hooks: { BeforeAgent: [] },
      hooksConfig: { enabled: false, disabled: ['x'] },
    })
    for (const name of ['GEMINI.md', 'config.yaml', 'commands/x.toml', 'skills/x/SKILL.md', 'agents/x.md'])
      write(`.gemini/${name}`, 'x')
    write('.env', 'NODE_OPTIONS=x')
    expect(found()).toEqual([])
  })

  const settings = '.gemini/settings.json'
  test.each<[object, string]>([
    [{ tools: { discoveryCommand: 'x' } }, 'tools.discoveryCommand'],
    [{ tools: { callCommand: 'x' } }, 'tools.callCommand'],
    [{ tools: { sandbox: 'x' } }, 'tools.sandbox'],
    [{ tools: 'x' }, 'tools'],
    [{ tools: { shell: { pager: 'x' } } }, 'tools.shell'],
    [{ hooksConfig: { enabled: true } }, 'hooksConfig.enabled'],
    [{ mcp: { serverCommand: 'x' } }, 'mcp.serverCommand'],
    [{ mcpServers: { '.none': {} } }, 'mcpServers..none'],
    [{ mcpServers: 'x' }, 'mcpServers'],
    [{ adminPolicyPaths: ['x'] }, 'adminPolicyPaths'],
    [{ policyPaths: [] }, 'policyPaths'],
    [{ telemetry: { otlpEndpoint: 'x' } }, 'telemetry'],
    [{ security: { auth: { selectedType: 'x' } } }, 'security.auth'],
    [{ advanced: { ignoreLocalEnv: false } }, 'advanced'],
    [{ admin: { mcp: {} } }, 'admin'],
    [{ general: { defaultApprovalMode: 'yolo' } }, 'general.defaultApprovalMode'],
    [{ context: { includeDirectories: ['/'] } }, 'context.includeDirectories'],
    [{ context: { fileName: '../../.ssh/id_rsa' } }, 'context.fileName'],
    [{ context: { fileName: ['GEMINI.md', '.env'] } }, 'context.fileName'],
    [{ context: { fileName: { x: 1 } } }, 'context.fileName'],
    [{ experimental: { enableAgents: true } }, 'experimental'],
    [{ extensions: {} }, 'extensions'],
    [{ agents: { overrides: {} } }, 'agents'],
    [{ toString: {} }, 'toString'],
    [{ 'tools.discoveryCommand': 'x' }, 'tools.discoveryCommand'],
    [{ Tools: { core: [] } }, 'Tools'],
  ])('is found to set a key that nobody calls harmless: %j', (content, key) => {
    write(settings, content)
    expect(found()).toEqual([`${settings} sets ${key}`])
  })

  test('may not set a prototype either', () => {
    write(settings, '{ "__proto__": { "tools": { "discoveryCommand": "x" } } }')
    expect(found()).toEqual([`${settings} sets __proto__`])
  })

  test.each([
    ['broken', '{ "tools": '],
    ['a list', '[]'],
    ['too large', `{"ui": "${'x'.repeat(1024 * 1024)}"}`],
    ['with a byte order mark', '\uFEFF{}'],
  ])('is found with settings that cannot be read: %s', (_, text) => {
    write(settings, text)
    expect(found()).toEqual([`${settings} cannot be read as JSON with comments`])
  })

  test('is not waited for where its settings are a pipe', () => {
    execFileSync('mkfifo', [join(cwd, settings)])
    expect(found()).toHaveLength(1)
  })

  test('is read behind its comments', () => {
    write(settings, '{ // "a"\n "tools": { /* " */ "callCommand": "x" /* " */ } }')
    expect(found()).toEqual([`${settings} sets tools.callCommand`])
  })

  test.each([
    'extensions/x/gemini-extension.json',
    'policies/x.toml',
    'sandbox.bashrc',
    'x.json',
    '.hidden.md',
  ])('is found with what is not known to be text: %s', (name) => {
    write(`.gemini/${name}`, 'x')
    expect(found()).toEqual([`.gemini/${name.split('/')[0]}`])
  })

  test('is found with variables for Gemini, in a folder above too, also where a link leads to it', () => {
    writeFileSync(join(home, '.gemini', '.env'), 'MINE=1')
    expect(found()).toEqual([])
    write('.gemini/.env', 'X=1')
    write('../.gemini/.env', 'X=1')
    expect(found()).toHaveLength(2)
    symlinkSync(cwd, join(home, 'link'))
    expect(findHarmfulGeminiFiles(specOf({ cwd: join(home, 'link') }))).toHaveLength(3)
  })

  test.each<[Partial<GuardedSessionSpec>, number]>([
    [{ mcp: 'none' }, 0],
    [{ mcp: ['mine'] }, 0],
    [{ mcp: ['theirs'] }, 1],
    [{ mcp: ['THEIRS'] }, 1],
    [{ mcp: 'inherit' }, 1],
    [{ mcpServers: { theirs: {} } }, 1],
  ])('has MCP servers that are found where the session would let one in: %j', (more, count) => {
    write(settings, { mcpServers: { theirs: { command: 'x' } } })
    expect(found(more)).toHaveLength(count)
  })

  test('may allow tools only where all is asked for all the same', () => {
    write(settings, { tools: { allowed: ['x'] } })
    const { asksAll, ...spec } = specOf()
    expect(asksAll).toBe(true)
    expect(findHarmfulGeminiFiles(spec)).toHaveLength(1)
  })

  test('that is the home itself has the settings of the user, of which none switches hooks on', () => {
    const own = join(home, '.gemini', 'settings.json')
    writeFileSync(own, '{"security": {}, "tools": {"discoveryCommand": "mine"}, "hooks": {}}')
    writeFileSync(join(home, '.gemini', 'oauth_creds.json'), '{}')
    expect(found({ cwd: home })).toEqual([])
    writeFileSync(own, '{"hooksConfig": {"enabled": true}}')
    expect(found({ cwd: home })).toHaveLength(1)
  })
})

describe.skipIf(process.platform === 'win32')('a session', () => {
  const harmful = () => write('.gemini/settings.json', { tools: { discoveryCommand: 'x' } })

  test('trusts a project with nothing harmful, and in full-auto any, with a process of its own', () => {
    const trusted = { env: { GEMINI_CLI_TRUST_WORKSPACE: 'true' }, notes: [] }
    expect(guardGeminiProject(specOf())).toEqual(trusted)
    harmful()
    expect(guardGeminiProject(specOf({ permissions: 'full-auto' }))).toEqual({ ...trusted, isApart: true })
  })

  test('does without the rest of the project where that is harmful, and is given its GEMINI.md', () => {
    harmful()
    write('GEMINI.md', 'be brief')
    const guard = guardGeminiProject(specOf())
    if ('failure' in guard) throw new Error(guard.failure.message)
    expect(guard.env).toEqual({ GEMINI_CLI_TRUST_WORKSPACE: 'false' })
    expect(guard.instructions).toContain('be brief')
    expect(guard.notes.join()).toMatch(/settings\.json sets tools\.discoveryCommand$/)
  })

  test.each<[string, Partial<GuardedSessionSpec>]>([
    ['MCP servers of its own', { mcpServers: { bell: {} } }],
    ['servers of the user', { mcp: ['mine'] }],
    ['all servers', { mcp: 'inherit' }],
  ])('is refused where it needs %s, with file and key and the next step', (_, more) => {
    harmful()
    const guard = guardGeminiProject(specOf(more))
    const { reason, message, hint } = 'failure' in guard ? guard.failure : {}
    expect(reason).toBe('refused')
    expect(message).toContain(`${join(cwd, '.gemini/settings.json')} sets tools.discoveryCommand`)
    expect(hint).toContain('full-auto')
  })

  test('is refused where it needs another mode than the only one that is left', () => {
    harmful()
    const { asksAll, ...spec } = specOf({ permissions: 'accept-edits' })
    expect(guardGeminiProject(spec)).toMatchObject({ failure: { reason: 'refused' } })
    expect(guardGeminiProject({ ...spec, ...(asksAll && { asksAll }) })).not.toHaveProperty('failure')
  })

  test("is refused where the user's own variables would be left out too", () => {
    harmful()
    writeFileSync(join(home, '.gemini', '.env'), 'GEMINI_API_KEY=k')
    expect(guardGeminiProject(specOf())).toMatchObject({ failure: { reason: 'refused' } })
  })

  test('is not begun again in a project that has become harmful since', () => {
    const first = guardGeminiProject(specOf())
    if ('failure' in first) throw new Error(first.failure.message)
    expect(recheckProjectFiles(guardGeminiProject, specOf(), first)).toBeUndefined()
    harmful()
    expect(recheckProjectFiles(guardGeminiProject, specOf(), first)).toMatchObject({ reason: 'refused' })
    expect(recheckProjectFiles(guardGeminiProject, specOf({ mcp: 'inherit' }), first)).toMatchObject({
      reason: 'refused',
    })
  })
})
