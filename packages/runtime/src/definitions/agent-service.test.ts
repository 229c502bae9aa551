import { SubagentError } from '@subagent-mcp/contract'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { authority } from '../authority.test.support.js'
import type { AgentCaller } from './agent-service.js'
import { openServiceStage, type ServiceStage } from './agent-service.test.support.js'
import { containing, matching } from '@subagent-mcp/testkit'

const asked = { cwd: undefined, pooled: false }
const pooled = { cwd: undefined, pooled: true }

describe('the launch template of a definition', () => {
  test('has what the definition says', () => {
    const { agents, define, write, project } = openServiceStage()
    write('.claude/skills/style/SKILL.md', ['Write short sentences.'])
    define('reviewer', [
      'model: opus',
      'effort: high',
      'task_category: quality_review',
      'permissionMode: acceptEdits',
      'tools: [Read, mcp__github]',
      'maxTurns: 5',
      'mcpServers: [github]',
      'skills: [style]',
    ])
    const { template, cwd } = agents().launchTemplate('reviewer', asked)
    expect(cwd).toBe(project)
    expect(template).toEqual({
      name: 'reviewer',
      candidate: { provider: 'claude', model: 'opus', effort: 'high' },
      category: 'quality_review',
      mcp: ['github'],
      setup: {
        appendSystemPrompt: matching(/short sentences[^]*You are reviewer[^]*Date: \d{4}-\d\d-\d\d\n$/),
        tools: { only: ['Read'] },
        maxTurns: 5,
      },
      authority: authority('accept-edits'),
    })
  })

  test('leaves settings that the definition omits to the provider', () => {
    const { agents, define } = openServiceStage()
    define('plain')
    expect(agents().launchTemplate('plain', asked).template).toEqual({
      name: 'plain',
      candidate: { provider: 'claude' },
      mcp: 'none',
      setup: { appendSystemPrompt: matching(/./) },
      authority: authority('ask'),
    })
  })

  test('is read again for each launch', () => {
    const { agents, define } = openServiceStage()
    const desk = agents()
    expect(() => desk.launchTemplate('late', asked)).toThrow(
      expect.objectContaining({ code: 'unknown-definition' }),
    )
    define('late', ['model: one'])
    expect(desk.launchTemplate('late', asked).template.candidate.model).toBe('one')
    define('late', ['model: two'])
    expect(desk.launchTemplate('late', asked).template.candidate.model).toBe('two')
  })

  test("works in the definition's folder, else in the requested one, else in the caller's", () => {
    const { agents, define, project } = openServiceStage()
    for (const name of ['api', 'web', '.git']) mkdirSync(join(project, name))
    define('fixed', ['cwd: api'])
    define('free')
    const desk = agents({ cwd: join(project, 'web') })
    const folderOf = (name: string, cwd?: string): string =>
      desk.launchTemplate(name, { cwd, pooled: false }).cwd
    expect(folderOf('fixed')).toBe(join(project, 'api'))
    expect(folderOf('fixed', '../api')).toBe(join(project, 'api'))
    expect(() => folderOf('fixed', '../web')).toThrow(
      expect.objectContaining({ code: 'invalid-parameter', message: containing(join(project, 'api')) }),
    )
    expect(folderOf('free', '../api')).toBe(join(project, 'api'))
    expect(folderOf('free')).toBe(join(project, 'web'))
    expect(() => folderOf('free', 'nowhere')).toThrow(expect.objectContaining({ code: 'cwd-missing' }))
  })

  test('is refused while the configuration is invalid, as is a warm process', async () => {
    const error = new SubagentError('config-invalid', 'half a file')
    const { agents, define, driver } = openServiceStage({
      checkSettings: () => {
        throw error
      },
    })
    define('a')
    for (const options of [asked, pooled]) expect(() => agents().launchTemplate('a', options)).toThrow(error)
    const { signal } = new AbortController()
    await expect(agents().warm('a', { cwd: undefined, cache: false, signal })).rejects.toBe(error)
    expect(driver.sessions).toEqual([])
  })

  test('is refused when the provider is missing or cannot honour it', () => {
    const { agents, define, driver } = openServiceStage()
    driver.abilities = { ...driver.abilities, toolChoice: false }
    const unable = define('unable', ['tools: [Read]'])
    const orphan = define('orphan', ['provider: goose'])
    expect(() => agents().launchTemplate('unable', asked)).toThrow(`${unable}:4: tools: `)
    expect(() => agents().launchTemplate('orphan', asked)).toThrow(
      `${orphan}:4: provider: there is no 'goose'`,
    )
  })

  test('without permission checks needs an entry of the user by name', () => {
    const { agents, home, write } = openServiceStage({ bypassPermissions: ['allowed'] })
    for (const name of ['allowed', 'bold']) write(`../home/.subagent-mcp/agents/${name}.md`, bypassing(name))
    const hint = containing(`"bold" into bypassPermissions in ${join(home, '.subagent-mcp', 'config.jsonc')}`)
    for (const options of [asked, pooled])
      expect(() => agents().launchTemplate('bold', options)).toThrow(
        expect.objectContaining({ code: 'not-supported', hint }),
      )
    const full = { authority: { preset: 'full-auto' } }
    expect(agents().launchTemplate('allowed', asked).template).toMatchObject({ ...full, named: true })
    const house = openServiceStage({ ceiling: 'full-auto' })
    house.define('bold', ['permissionMode: full-auto'])
    const { template } = house.agents().launchTemplate('bold', asked)
    expect(template).toMatchObject(full)
    expect(template).not.toHaveProperty('named')
  })

  test("of a project's file needs an entry by path, because anybody could use a name", () => {
    const bypassPermissions: string[] = ['bold']
    const { agents, write } = openServiceStage({ bypassPermissions })
    const path = write('.claude/agents/bold.md', bypassing('bold'))
    const hint = containing(`"${path}" into bypassPermissions`)
    expect(() => agents().launchTemplate('bold', asked)).toThrow(expect.objectContaining({ hint }))
  })

  test("has no variable that the user has not allowed for the project's definition", () => {
    const { agents, define, write, home } = openServiceStage({
      variables: { '.subagent-mcp/agents/a.md': ['GITHUB_TOKEN', 'LD_PRELOAD'] },
    })
    define('a', ['env: [GITHUB_TOKEN]'])
    expect(() => agents().launchTemplate('a', asked)).not.toThrow()
    const path = define('a', ['env: [GITHUB_TOKEN, SENTRY_DSN]'])
    const entry = `"${path}":["GITHUB_TOKEN","LD_PRELOAD","SENTRY_DSN"]`
    const hint = containing(
      `put ${entry} into definitionVariables in ${join(home, '.subagent-mcp/config.jsonc')}`,
    )
    const message = `${path}:4: agent 'a' asks for SENTRY_DSN of your environment, which you have not allowed`
    for (const options of [asked, pooled])
      expect(() => agents().launchTemplate('a', options)).toThrow(expect.objectContaining({ message, hint }))
    define('a', ['env: [GITHUB_TOKEN, LD_PRELOAD]'])
    expect(() => agents().launchTemplate('a', asked)).toThrow(
      'asks for LD_PRELOAD of your environment, which changes how',
    )
    const head = ['---', 'name: own', 'description: mine', 'env: [GITHUB_TOKEN, NODE_OPTIONS]', '---', 'x']
    write('../home/.subagent-mcp/agents/own.md', head)
    expect(() => agents().launchTemplate('own', asked)).not.toThrow()
  })

  /** Launches a definition of a project that is also the home. `paths` sets variables such as `HOME` to other folders of the project. */
  const runAtHome = (folder: string, paths: Record<string, string> = {}) => {
    const { agents, write, project } = openServiceStage()
    const head = ['---', 'name: own', 'description: mine', 'provider: claude', 'env: [GITHUB_TOKEN]', '---']
    write(`${folder}/agents/own.md`, [...head, 'x'])
    const environment: Record<string, string> = { HOME: project, USERPROFILE: project }
    for (const [name, path] of Object.entries(paths)) environment[name] = join(project, path)
    return () => agents({ environment }).launchTemplate('own', asked)
  }

  test.each(['.subagent-mcp', '.claude'])("treats %s as the user's in a home that is a project", (folder) => {
    expect(runAtHome(folder)).not.toThrow()
  })

  test.each([
    ['.claude', { CLAUDE_CONFIG_DIR: '.claude' }],
    ['.subagent-mcp', { SUBAGENT_MCP_HOME: '.subagent-mcp' }],
    ['.subagent-mcp', { HOME: '../home', USERPROFILE: '../home' }],
    ['.', {}],
  ])("treats %s in a project with %o as the project's", (folder, paths) => {
    expect(runAtHome(folder, paths)).toThrow('which you have not allowed')
  })

  test('starts no MCP server that a project names, but those of the user', () => {
    const { agents, define, write } = openServiceStage()
    const rows = ['mcpServers:', '  - mine: { command: node }']
    const path = define('cloned', rows)
    expect(() => agents().launchTemplate('cloned', asked)).toThrow(`${path}:4: `)
    const head = ['---', 'name: own', 'description: mine', ...rows, '---', 'x']
    write('../home/.subagent-mcp/agents/own.md', head)
    expect(agents().launchTemplate('own', asked).template.setup.mcpServers).toEqual({
      mine: { command: 'node' },
    })
  })
})

function bypassing(name: string): string[] {
  return ['---', `name: ${name}`, 'description: x', 'permissionMode: bypassPermissions', '---', 'x']
}

describe('the place of a task in the pool', () => {
  const placeOf = (
    house: ServiceStage,
    context: Partial<AgentCaller> = {},
  ): { key: string; max: number; timeoutMs: number } => {
    const { pool } = house.agents(context).launchTemplate('a', pooled).template
    if (!pool) throw new Error('it has no place in the pool')
    return pool
  }

  test('has the limits of the definition, else of the environment, else of the configuration', () => {
    const house = openServiceStage()
    house.define('a')
    expect(placeOf(house)).toEqual({ agent: 'a', key: matching(/./), max: 4, timeoutMs: 300_000 })
    const environment = { ...house.environment, TASK_TIMEOUT_MS: '1500' }
    expect(placeOf(house, { environment }).timeoutMs).toBe(1500)
    expect(() => placeOf(house, { environment: { ...environment, TASK_TIMEOUT_MS: 'soon' } })).toThrow(
      'TASK_TIMEOUT_MS',
    )
    house.define('a', ['timeout: 2', 'pool: { max: 1 }'])
    expect(placeOf(house, { environment })).toMatchObject({ max: 1, timeoutMs: 2000 })
  })

  test('stays the same while nothing changes that a session depends on', () => {
    const house = openServiceStage()
    house.define('a')
    const { key } = placeOf(house)
    const environment = { ...house.environment, EDITOR: 'vi' }
    house.clock.advance(60_000)
    house.define('a', ['timeout: 7'])
    expect(placeOf(house, { environment, caller: 'another' }).key).toBe(key)
  })

  const inFolder = ({ project }: ServiceStage): Partial<AgentCaller> => {
    for (const name of ['.git', 'x']) mkdirSync(join(project, name))
    return { cwd: join(project, 'x') }
  }
  const withVariable =
    (name: string) =>
    ({ environment }: ServiceStage): Partial<AgentCaller> => ({
      environment: { ...environment, [name]: '1' },
    })
  const changes: [
    what: string,
    change: (house: ServiceStage) => unknown,
    context?: (house: ServiceStage) => Partial<AgentCaller>,
  ][] = [
    ['the definition', ({ define }) => define('a', ['model: other'])],
    ['a skill', ({ write }) => write('skills/s.md', ['more'])],
    [
      'the day',
      ({ clock }) => {
        clock.advance(86_400_000)
      },
    ],
    ['the CLI', ({ driver }) => (driver.installation = () => '/hand 2')],
    ['the folder', () => undefined, inFolder],
    ['the depth', () => undefined, () => ({ depth: 1 })],
    ['the mode of its caller', () => undefined, () => ({ authority: authority('read-only') })],
    [
      'the rules of its caller',
      () => undefined,
      () => ({ authority: authority('accept-edits', { deny: ['Bash(rm:*)'] }) }),
    ],
    ['the account', () => undefined, withVariable('ANTHROPIC_API_KEY')],
    ['a variable that it names', () => undefined, withVariable('MINE')],
  ]
  test.each(changes)('changes with %s', (_, change, context = () => ({})) => {
    const house = openServiceStage({ variables: { '.subagent-mcp/agents/a.md': ['MINE'] } })
    house.write('skills/s.md', ['some'])
    house.define('a', ['skills: [s]', 'env: [MINE]'])
    const { key } = placeOf(house)
    change(house)
    expect(placeOf(house, context(house)).key).not.toBe(key)
  })
})
