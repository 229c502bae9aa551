import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { getUserConfigFolder } from '@subagent-mcp/definitions'
import { readUserConfig } from './config.js'

const defaults = {
  accounts: {},
  acpAgents: [],
  limits: {
    maxTurns: 20,
    maxTurnsPerProvider: 5,
    maxProcesses: 20,
    maxDepth: 1,
    launchesPerMinute: 60,
    freeMemoryMegabytes: 512,
  },
  idleCloseMinutes: 10,
  onHostExit: 'keep',
  daemon: { idleExitMinutes: 30, drainSeconds: 10, blockedSeconds: 60 },
  journal: { keepDays: 30, maxMegabytes: 64 },
  pool: {
    max: 4,
    recycleAfterMinutes: 60,
    idleMinutes: 10,
  },
  wake: { maxTurns: 10 },
  tools: 'usable',
  mailbox: { maxKilobytes: 64, maxTries: 5, keepDays: 30 },
  notify: { desktop: false, on: ['asks', 'ended'], after: { asks: 5, ended: 30 } },
  worktree: { projects: [], include: [], setUp: {}, keepDays: 30, maxGigabytes: 20 },
  checks: { minutes: 10 },
  approvedGates: {},
  ceiling: 'accept-edits',
  permissions: { preset: 'ask', deny: [], ask: [], allow: [], testCommands: {}, deadlineMinutes: 5 },
  budgets: { unattended: { minutes: 60 }, day: {}, reserve: {} },
  bypassPermissions: [],
  definitionVariables: {},
  traceHosts: [],
}

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'subagent-config-'))
})
afterEach(() => {
  rmSync(home, { recursive: true })
})
const read = (text: string): unknown => {
  writeFileSync(join(home, 'config.jsonc'), text)
  return readUserConfig({ SUBAGENT_MCP_HOME: home })
}

describe('where it is', () => {
  test('SUBAGENT_MCP_HOME wins', () => {
    expect(getUserConfigFolder({ SUBAGENT_MCP_HOME: '/own', HOME: '/h', USERPROFILE: '/h' })).toBe('/own')
  })

  test('else a folder in the home, wherever state is kept', () => {
    expect(getUserConfigFolder({ HOME: '/h', USERPROFILE: '/h', XDG_STATE_HOME: '/s' })).toBe(
      join('/h', '.subagent-mcp'),
    )
  })
})

describe('what it says', () => {
  test('nothing, without a file', () => {
    expect(readUserConfig({ SUBAGENT_MCP_HOME: home })).toEqual(defaults)
  })

  test.each(['', '// later\n', '{}'])('nothing, in %j', (text) => {
    expect(read(text)).toEqual(defaults)
  })

  test('agents, with comments, trailing commas, a byte order mark and CRLF', () => {
    const goose = '{ "id": "goose", /* mine */ "command": "goose", "args": ["acp",], "env": { "A": "b" } },'
    expect(read(`\uFEFF// agents\r\n{\r\n  "acpAgents": [\r\n    ${goose}\r\n  ],\r\n}\r\n`)).toEqual({
      ...defaults,
      acpAgents: [{ id: 'goose', command: 'goose', args: ['acp'], env: { A: 'b' } }],
    })
  })
})

describe('what it sets', () => {
  test('stands among the defaults', () => {
    const text = `{
      "limits": { "maxTurns": 3, "freeMemoryMegabytes": 0 },
      "idleCloseMinutes": 0.5,
      "onHostExit": "kill",
      "daemon": { "port": 7777 },
      "journal": { "keepDays": 7 },
      "pool": { "max": 2, "idleMinutes": 0.5 },
      "wake": { "maxTurns": 0 },
      "ceiling": "full-auto",
      "permissions": {
        "deny": [" Bash(sudo:*) "],
        "testCommands": { "/home/me/app": ["npm test:*"], "~/b": [], "*": ["make check"] },
        "deadlineMinutes": 0.5
      },
      "bypassPermissions": ["migrator"],
      "definitionVariables": { "/code/app/.claude/agents/triage.md": ["GITHUB_TOKEN"] }
    }`
    expect(read(text)).toEqual({
      ...defaults,
      limits: { ...defaults.limits, maxTurns: 3, freeMemoryMegabytes: 0 },
      idleCloseMinutes: 0.5,
      onHostExit: 'kill',
      daemon: { ...defaults.daemon, port: 7777 },
      journal: { ...defaults.journal, keepDays: 7 },
      pool: { ...defaults.pool, max: 2, idleMinutes: 0.5 },
      wake: { maxTurns: 0 },
      ceiling: 'full-auto',
      permissions: {
        ...defaults.permissions,
        deny: [{ text: 'Bash(sudo:*)', tool: 'bash', pattern: 'sudo:*' }],
        testCommands: { '/home/me/app': ['npm test:*'], '~/b': [], '*': ['make check'] },
        deadlineMinutes: 0.5,
      },
      bypassPermissions: ['migrator'],
      definitionVariables: { '/code/app/.claude/agents/triage.md': ['GITHUB_TOKEN'] },
    })
  })
})

test('files of the mailbox are found from the home, or from where the configuration is', () => {
  for (const name of ['a.creds', 'ca.pem']) writeFileSync(join(home, name), '')
  writeFileSync(
    join(home, 'config.jsonc'),
    '{ "mailbox": { "url": "nats://a, tls://b:4223", "credentials": "~/a.creds", "ca": "ca.pem", "maxTries": 3 } }',
  )
  expect(readUserConfig({ SUBAGENT_MCP_HOME: home, HOME: home, USERPROFILE: home }).mailbox).toEqual({
    ...defaults.mailbox,
    url: 'nats://a, tls://b:4223',
    credentials: join(home, 'a.creds'),
    ca: join(home, 'ca.pem'),
    maxTries: 3,
  })
})

describe('errors name the line', () => {
  const rows: [text: string, words: string[]][] = [
    ['{\n  "acpAgents": [\n}', ['config.jsonc:3: not valid JSON']],
    ['{\r\n\r\n  acpAgents: [] }', ['config.jsonc:3: not valid JSON: invalid symbol']],
    ['[]', ['config.jsonc:1: ', 'expected object']],
    ['{\n "agents": [] }', ['config.jsonc:2: ', '"agents"']],
    ['{ "limits": {\n "maxTurns": 0 } }', ['config.jsonc:2: limits.maxTurns: ', '>=1']],
    ['{ "limits": {\n\n "maxTurn": 3 } }', ['config.jsonc:3: limits: ', '"maxTurn"']],
    [
      '{ "accounts": {\n "claude": { "provider": "claude", "folder": "~/x" } } }',
      ["config.jsonc:2: accounts.claude: 'claude' stands for the default account"],
    ],
    [
      '{ "accounts": { "a": { "provider": "codex", "folder": "~/x" },\n "b": { "provider": "codex", "folder": "~/y/../x" } } }',
      ["config.jsonc:2: accounts.b.folder: it has the folder of 'a'"],
    ],
    [
      '{ "accounts": {\n "my work": { "provider": "codex", "folder": "x" } } }',
      ['config.jsonc:2: accounts["my work"]: a name has'],
    ],
    [
      '{ "accounts": {\n "a": { "provider": "goose", "folder": "x" } } }',
      ['config.jsonc:2: accounts.a.provider: '],
    ],
    ['{ "limits": 3 }', ['config.jsonc:1: limits: ', 'expected object']],
    ['{\n "onHostExit": "stop" }', ['config.jsonc:2: onHostExit: ', '"keep"|"kill"']],
    ['{\n "idleCloseMinutes": "10" }', ['config.jsonc:2: idleCloseMinutes: ', 'expected number']],
    ['{\n "daemon": {\n "port": 70000 } }', ['config.jsonc:3: daemon.port: ', '<=65535']],
    ['{\n "journal": {\n "maxMegabytes": 0 } }', ['config.jsonc:3: journal.maxMegabytes: ', '>=1']],
    ['{\n "pool": {\n "max": 0 } }', ['config.jsonc:3: pool.max: ', '>=1']],
    ['{\n "pool": {\n "recycleAfter": 3 } }', ['config.jsonc:3: pool: ', '"recycleAfter"']],
    ['{\n "bypassPermissions": true }', ['config.jsonc:2: bypassPermissions: ', 'expected array']],
    [
      '{\n "mailbox": {\n "url": "http://me:secret@x" } }',
      ['config.jsonc:3: mailbox.url: give nats://host:4222'],
    ],
    ['{\n "mailbox": {\n "url": "nats://a,b" } }', ['config.jsonc:3: mailbox.url: ']],
    ['{\n "mailbox": {\n "credentials": "x" } }', ['config.jsonc:3: mailbox.credentials: ', 'give url too']],
    [
      '{\n "mailbox": { "url": "tls://a",\n "credentials": "./away.creds" } }',
      ['config.jsonc:3: mailbox.credentials: cannot read /', '/away.creds (ENOENT)'],
    ],
    ['{\n "mailbox": { "url": "tls://a",\n "ca": "." } }', ['config.jsonc:3: mailbox.ca: /', ' is no file']],
    ['{\n "mailbox": { "uri": "tls://a" } }', ['config.jsonc:2: mailbox: ', '"uri"']],
    ['{\n "ceiling": "all" }', ['config.jsonc:2: ceiling: ', '"read-only"|"ask"']],
    [
      '{ "permissions": {\n "deny": [\n "Edit",\n "rm -rf" ] } }',
      ["config.jsonc:4: permissions.deny[1]: 'rm -rf' is no rule: ", 'as Bash(git push:*) or Edit(docs/**)'],
    ],
    ['{ "permissions": {\n "allow": "Bash" } }', ['config.jsonc:2: permissions.allow: ', 'expected array']],
    ['{ "permissions": {\n "denied": [] } }', ['config.jsonc:2: permissions: ', '"denied"']],
    [
      '{ "permissions": {\n "deadlineMinutes": 0 } }',
      ['config.jsonc:2: permissions.deadlineMinutes: ', '>0'],
    ],
    ['{ "permissions": {\n "deadlineMinutes": 1441 } }', ['permissions.deadlineMinutes: ', '<=1440']],
    [
      '{ "permissions": { "testCommands": {\n "*": [],\n "app": ["npm test"] } } }',
      ["config.jsonc:3: permissions.testCommands.app: 'app' is no folder: ", '~/app, or * for all'],
    ],
    [
      '{ "permissions": { "testCommands": {\n "*": [\n "Bash(npm test)"] } } }',
      ['config.jsonc:3: permissions.testCommands["*"][0]: write the command alone, as npm test:*'],
    ],
    ['{\n "acpAgents": [\n  { "id": "x" }] }', ['config.jsonc:3: acpAgents[0].command: ']],
    [
      '{ "acpAgents": [\n { "id": "goose", "command": "g" },\n\n { "id": "goose", "command": "h" }] }',
      ["config.jsonc:4: acpAgents[1].id: 'goose' is there twice"],
    ],
    [
      '{ "acpAgents": [\n { "id": "codex", "command": "g" }] }',
      ["config.jsonc:2: acpAgents[0].id: 'codex' is built in"],
    ],
  ]
  test.each(rows)('%j', (text, words) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'config-invalid' }))
    for (const word of words) expect(() => read(text)).toThrow(word)
  })

  test('but for a password', () => {
    const told = (): unknown => read('{ "mailbox": { "url": "http://me:secret@x" } }')
    expect(told).toThrow(/^((?!secret).)*$/)
  })

  test('an unreadable file does not count as a missing one', () => {
    mkdirSync(join(home, 'config.jsonc'))
    expect(() => readUserConfig({ SUBAGENT_MCP_HOME: home })).toThrow(
      expect.objectContaining({ code: 'config-unreadable' }),
    )
  })
})
