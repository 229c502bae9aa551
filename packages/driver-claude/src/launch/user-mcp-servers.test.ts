import { mkdirSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkForLeaks } from '@subagent-mcp/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findSessionMcpServers, findNamedMcpServers } from './user-mcp-servers.js'

checkForLeaks()

let home: string
let project: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'home-'))
  project = join(home, 'code', 'app')
  mkdirSync(join(home, 'code', '.git'), { recursive: true })
  mkdirSync(project)
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

const entry = (from: string) => ({ command: from })
const write = (path: string, value: unknown) => writeFileSync(join(home, path), JSON.stringify(value))
const named = (...names: string[]) =>
  findNamedMcpServers(names, { cwd: project, environment: { HOME: home } })

describe('the MCP servers of a user', () => {
  test('are those in their own file; the entry for the project wins', async () => {
    write('.claude.json', {
      theme: 'dark',
      mcpServers: { user: entry('user'), all: entry('user') },
      projects: { [join(home, 'code')]: { mcpServers: { local: entry('local'), all: entry('local') } } },
    })
    expect(await named('user', 'all', 'local')).toEqual({
      servers: { user: entry('user'), all: entry('local'), local: entry('local') },
    })
  })

  test('are not those of the project, which cannot take a name of theirs either', async () => {
    write('.claude.json', { mcpServers: { shared: entry('user') } })
    write('code/.mcp.json', { mcpServers: { around: entry('around'), shared: entry('around') } })
    write('code/app/.mcp.json', { mcpServers: { here: entry('here'), shared: entry('here') } })
    expect(await named('shared')).toEqual({ servers: { shared: entry('user') } })
    const refused = await named('around', 'here')
    expect(refused).toMatchObject({ failure: { message: 'no MCP server named around, here' } })
    expect('failure' in refused && refused.failure.hint).toMatch(
      /^there are: shared; the project's \.mcp\.json starts nothing here/,
    )
  })

  test('that are for one project alone are named to the CLI where all are inherited, unless they are switched off', async () => {
    const projects = {
      [join(home, 'code')]: {
        mcpServers: { local: entry('local'), off: entry('off') },
        disabledMcpServers: ['off'],
      },
    }
    write('.claude.json', { mcpServers: { user: entry('user') }, projects })
    const spec = { cwd: project, environment: { HOME: home } }
    expect(await findSessionMcpServers({ ...spec, mcp: 'inherit' })).toEqual({
      servers: { local: entry('local') },
    })
    expect(await findSessionMcpServers({ ...spec, mcp: 'none' })).toEqual({ servers: undefined })
  })

  test('are read from where the user keeps the configuration', async () => {
    mkdirSync(join(home, 'elsewhere'))
    write('elsewhere/.claude.json', { mcpServers: { user: entry('user') } })
    const environment = { HOME: home, CLAUDE_CONFIG_DIR: join(home, 'elsewhere') }
    expect(await findNamedMcpServers(['user'], { cwd: project, environment })).toEqual({
      servers: { user: entry('user') },
    })
  })

  test('that do not exist are named, with those that do', async () => {
    write('.claude.json', { mcpServers: { files: {}, browser: {} } })
    expect(await named('files', 'nonesuch')).toEqual({
      failure: {
        reason: 'bad-request',
        message: 'no MCP server named nonesuch',
        hint: 'there are: browser, files',
      },
    })
  })

  test('cannot be told from a file that is broken', async () => {
    writeFileSync(join(home, '.claude.json'), '{ // a comment')
    expect(await named('files')).toMatchObject({ failure: { reason: 'bad-request' } })
  })
})
