import { checkForLeaks } from '@subagent-mcp/testkit'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findEnvFile } from '../agent/acp-process-leaser.js'
import { prepareGeminiHome } from './gemini-home.js'
import { limitGeminiTools } from './gemini-limits.js'
import { prepareGeminiSessionForLoad, removeEmptyGeminiRecordings } from './gemini-recording.js'
import { removeRepeatedToolResults } from './gemini-tool-results.js'
import { getGeminiSignInStatus } from './gemini-profile.js'

checkForLeaks()

let home: string
let gemini: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'home-'))
  gemini = join(home, '.gemini')
  mkdirSync(gemini)
})
afterEach(() => rmSync(home, { recursive: true }))

const write = (name: string, text: string) => writeFileSync(join(gemini, name), text)

describe.skipIf(process.platform === 'win32')('the home of a process', () => {
  const settingsIn = (folder: string): unknown =>
    JSON.parse(readFileSync(join(folder, '.gemini', 'settings.json'), 'utf8'))

  test("has the user's settings with hooks and a project's .env switched off, and links to all else", () => {
    const text =
      '{ // mine\n "a": "http://x", /* b */ "hooks": {"BeforeAgent": []}, "hooksConfig": {"disabled": ["x"]},' +
      '"advanced": {"excludedEnvVars": ["A"]} }'
    write('settings.json', text)
    write('GEMINI.md', 'remember')
    const { folder, home: ours, remove } = prepareGeminiHome({ HOME: home })
    expect(ours).toBe(folder)
    expect(settingsIn(folder)).toEqual({
      a: 'http://x',
      hooks: { BeforeAgent: [] },
      hooksConfig: { disabled: ['x'], enabled: false },
      advanced: { excludedEnvVars: ['A'], ignoreLocalEnv: true },
    })
    expect(readFileSync(join(folder, '.gemini', 'GEMINI.md'), 'utf8')).toBe('remember')
    writeFileSync(join(folder, '.gemini', 'installation_id'), 'mine')
    // Saved by a rename, as the CLI does.
    writeFileSync(join(folder, 'new'), '{}')
    renameSync(join(folder, 'new'), join(folder, '.gemini', 'projects.json'))
    remove()
    expect(existsSync(folder)).toBe(false)
    expect(readFileSync(join(gemini, 'settings.json'), 'utf8')).toBe(text)
    expect(readdirSync(gemini).sort()).toEqual([
      'GEMINI.md',
      'history',
      'installation_id',
      'projects.json',
      'settings.json',
      'tmp',
    ])
    expect(lstatSync(join(gemini, 'projects.json')).isFile()).toBe(true)
  })

  test('gives back what it has newly saved, and leaves what the user has saved since', () => {
    for (const name of ['projects.json', 'trustedFolders.json']) write(name, 'old')
    const { folder, remove } = prepareGeminiHome({ HOME: home, GEMINI_API_KEY: 'k' })
    const save = (name: string) => {
      writeFileSync(join(folder, 'new'), 'ours')
      renameSync(join(folder, 'new'), join(folder, '.gemini', name))
    }
    const names = ['projects.json', 'trustedFolders.json', 'oauth_creds.json', 'google_accounts.json']
    for (const name of names) save(name)
    for (const name of ['trustedFolders.json', 'google_accounts.json']) write(name, "the user's")
    for (const place of [join(folder, '.gemini'), gemini]) mkdirSync(join(place, 'made'))
    writeFileSync(join(folder, '.gemini', 'made', 'here'), 'ours')
    writeFileSync(join(folder, '.gemini', 'made', 'both'), 'ours')
    write('made/both', "the user's")
    remove()
    const saved = [...names, 'made/here', 'made/both'].map((name) => readFileSync(join(gemini, name), 'utf8'))
    expect(saved).toEqual(['ours', "the user's", 'ours', "the user's", 'ours', "the user's"])
  })

  test.each([
    [{ GEMINI_API_KEY: 'k' }, 'gemini-api-key'],
    [{ GEMINI_API_KEY: 'k', GOOGLE_GENAI_USE_VERTEXAI: 'true' }, 'vertex-ai'],
  ])('names the sign-in that the environment has: %j', (environment, expected) => {
    const { folder, remove } = prepareGeminiHome({ HOME: home, ...environment })
    const settings = settingsIn(folder)
    remove()
    expect(settings).toMatchObject({ security: { auth: { selectedType: expected } } })
  })

  test('has the same path for processes with the same settings, also later, as the model is told of it', () => {
    const [first, shared] = [prepareGeminiHome({ HOME: home }), prepareGeminiHome({ HOME: home })]
    const second = prepareGeminiHome({ HOME: home }, 'a rule')
    expect(shared.folder).toBe(first.folder)
    expect(shared.log).not.toBe(first.log)
    expect(second.folder).not.toBe(first.folder)
    shared.remove()
    expect(existsSync(first.folder)).toBe(true)
    first.remove()
    const third = prepareGeminiHome({ HOME: home })
    expect(third.folder).toBe(first.folder)
    second.remove()
    third.remove()
  })

  test("has our rules before the user's", () => {
    mkdirSync(join(gemini, 'policies'))
    const { folder, policies, remove } = prepareGeminiHome({ HOME: home }, 'a rule')
    expect(policies).toEqual([join(folder, 'policy.toml'), join(gemini, 'policies')])
    expect(readFileSync(join(folder, 'policy.toml'), 'utf8')).toBe('a rule')
    remove()
  })

  test('is not made of settings that the CLI would refuse', () => {
    write('settings.json', '{ oops')
    expect(() => prepareGeminiHome({ HOME: home })).toThrow(/cannot read .*settings\.json/)
  })
})

describe('MCP servers', () => {
  const ask = (mcp: 'none' | 'inherit' | readonly string[]) => {
    write('settings.json', '{"mcpServers": {"files": {}, "web": {}}}')
    return limitGeminiTools({ mcp, cwd: home, environment: { HOME: home } })
  }

  test.each([
    ['inherit', []],
    ['none', ['--extensions=none', '--allowed-mcp-server-names=.none']],
    [['web'], ['--extensions=none', '--allowed-mcp-server-names=web']],
  ] as const)('%s', (mcp, args) => {
    expect(ask(mcp)).toMatchObject({ args })
  })

  test('that are not there are a failure that names those that are', () => {
    expect(ask(['web', 'git'])).toEqual({
      failure: { reason: 'bad-request', message: 'no MCP server named git', hint: 'there are: files, web' },
    })
  })
})

test.each<[string, Record<string, string>, string[], 'yes' | 'no' | 'unknown']>([
  ['nothing', {}, [], 'no'],
  ['a key', { GEMINI_API_KEY: 'k' }, [], 'yes'],
  ['an account', {}, ['oauth_creds.json'], 'yes'],
  ['Vertex', { GOOGLE_GENAI_USE_VERTEXAI: 'true' }, [], 'unknown'],
  ['a file with variables', {}, ['.env'], 'unknown'],
  ['a way that was chosen', {}, ['settings.json'], 'unknown'],
])('a user with %s is signed in: %4$s', (_, environment, files, expected) => {
  for (const name of files) write(name, '{"security":{"auth":{"selectedType":"gemini-api-key"}}}')
  expect(getGeminiSignInStatus({ HOME: home, ...environment })).toBe(expected)
})

const said = '{"id":"1","type":"user","content":[{"text":"go"}]}\n'
const stub = '{"sessionId":"aaaaaaaa-0000","projectHash":"p"}\n{"$set":{"messages":[]}}\n'

/** Writes Gemini's session recordings for a test project; `left` reads those that remain. */
function record(files: Record<string, string>): { left: () => Record<string, string> } {
  const chats = join(gemini, 'tmp', 'project', 'chats')
  mkdirSync(chats, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(chats, name), text)
  const texts = () =>
    readdirSync(chats).map((name) => [name, readFileSync(join(chats, name), 'utf8')] as const)
  return { left: () => Object.fromEntries(texts()) }
}

test('the recording of a session of this minute gets the name of the minute before', () => {
  const now = new Date('2026-11-21T13:00:20Z')
  const other = { 'session-2026-11-21T13-00-bbbbbbbb.jsonl': said }
  const { left } = record({ 'session-2026-11-21T13-00-aaaaaaaa.jsonl': said, ...other })
  prepareGeminiSessionForLoad('aaaaaaaa-0000', { HOME: home }, now)
  prepareGeminiSessionForLoad('cccccccc-0000', { HOME: home }, now)
  expect(left()).toEqual({ 'session-2026-11-21T12-59-aaaaaaaa.jsonl': said, ...other })
})

test('what a resumption began anew beside a recording is removed, and a session that is only that stays', () => {
  const own = { 'session-2026-11-20T10-00-aaaaaaaa.jsonl': stub + said }
  const other = { 'session-2026-11-21T13-00-bbbbbbbb.jsonl': stub }
  const { left } = record({ ...own, ...other, 'session-2026-11-21T13-00-aaaaaaaa.jsonl': stub })
  removeEmptyGeminiRecordings('aaaaaaaa-0000', { HOME: home })
  removeEmptyGeminiRecordings('bbbbbbbb-0000', { HOME: home })
  removeEmptyGeminiRecordings('cccccccc-0000', { HOME: home })
  expect(left()).toEqual({ ...own, ...other })
})

test('a home without recordings is none to prepare', () => {
  prepareGeminiSessionForLoad('aaaaaaaa-0000', { HOME: home })
  expect(readdirSync(gemini)).toEqual([])
})

test('the .env of a folder is the nearest one', () => {
  const [project, inner] = [join(home, 'project'), join(home, 'project', 'inner')]
  mkdirSync(inner, { recursive: true })
  const outside = findEnvFile(inner)
  writeFileSync(join(project, '.env'), '')
  expect(findEnvFile(inner)).toBe(join(project, '.env'))
  expect(outside).not.toBe(join(project, '.env'))
})

describe('a recording', () => {
  const result = (id: string) => ({ functionResponse: { id, response: { output: `of ${id}` } } })
  const asked = { id: '1', type: 'user', content: [{ text: 'go' }] }
  const called = (id: string) => ({
    id: '2',
    type: 'gemini',
    content: '',
    toolCalls: [{ id, result: [result(id)] }],
  })
  const told = (...content: object[]) => ({ id: '3', type: 'user', content })
  const running = { id: '4', type: 'gemini', content: '', toolCalls: [{ id: 'b' }] }
  const recorded = (...records: object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')

  const read = (text: string): unknown[] =>
    text.split('\n').flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]))

  test.each([
    ['a result that its call has', [asked, called('a'), told(result('a'))], [asked, called('a')]],
    [
      'of several only those',
      [called('a'), told(result('a'), { text: 'and' })],
      [called('a'), told({ text: 'and' })],
    ],
    ['a result that its call has not', [running, told(result('b'))], [running, told(result('b'))]],
    [
      'in a list of all messages',
      [{ $set: { messages: [asked, called('a'), told(result('a'))], lastUpdated: 'now' } }],
      [{ $set: { messages: [asked, called('a')], lastUpdated: 'now' } }],
    ],
    [
      'of what is no message nothing',
      [{ $set: { summary: '"functionResponse"' } }],
      [{ $set: { summary: '"functionResponse"' } }],
    ],
  ] as const)('is read without what it says twice: %s', (_, records, expected) => {
    expect(read(removeRepeatedToolResults(recorded(...records)))).toEqual(expected)
  })

  test('stays as it is, to the byte, where it is of another kind', () => {
    const text = 'no JSON with "toolCalls" and "functionResponse"\n\n{"a": 1}'
    expect(removeRepeatedToolResults(text)).toBe(text)
  })

  test('is mended before it is loaded, and of no other session', () => {
    const text = recorded(called('a'), told(result('a')))
    const other = { 'session-2026-11-20T13-00-bbbbbbbb.jsonl': text }
    const { left } = record({ 'session-2026-11-20T13-00-aaaaaaaa.jsonl': text, ...other })
    prepareGeminiSessionForLoad('aaaaaaaa-0000', { HOME: home })
    expect(left()).toEqual({ 'session-2026-11-20T13-00-aaaaaaaa.jsonl': recorded(called('a')), ...other })
  })
})
