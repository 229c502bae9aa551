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
import { envFileOf } from './env-file.js'
import { prepareGeminiHome } from './gemini-home.js'
import { geminiMcpArguments } from './gemini-mcp.js'
import { keepRecording } from './gemini-recording.js'
import { geminiSignIn } from './gemini-sign-in.js'

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

  test("has the user's settings with hooks switched off, and links to all else", () => {
    const text =
      '{ // mine\n "a": "http://x", /* b */ "hooks": {"BeforeAgent": []}, "hooksConfig": {"disabled": ["x"]} }'
    write('settings.json', text)
    write('GEMINI.md', 'remember')
    const { folder, home: ours, remove } = prepareGeminiHome({ HOME: home })
    expect(ours).toBe(folder)
    expect(settingsIn(folder)).toEqual({
      a: 'http://x',
      hooks: { BeforeAgent: [] },
      hooksConfig: { disabled: ['x'], enabled: false },
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

  test.each([
    [{ GEMINI_API_KEY: 'k' }, 'gemini-api-key'],
    [{ GEMINI_API_KEY: 'k', GOOGLE_GENAI_USE_VERTEXAI: 'true' }, 'vertex-ai'],
  ])('names the sign-in that the environment has: %j', (environment, expected) => {
    const { folder, remove } = prepareGeminiHome({ HOME: home, ...environment })
    const settings = settingsIn(folder)
    remove()
    expect(settings).toMatchObject({ security: { auth: { selectedType: expected } } })
  })

  test.each([
    [{ GEMINI_API_KEY: 'k' }, '{"security": {"auth": {"selectedType": "oauth-personal"}}}'],
    [{}, '{"ui": {}, "hooks": {}}'],
    [{}, '{}'],
  ])('is the one of the user where nothing has to be changed: %j %s', (environment, settings) => {
    write('settings.json', settings)
    const { folder, home: ours, remove } = prepareGeminiHome({ HOME: home, ...environment })
    expect(ours).toBeUndefined()
    remove()
    expect(existsSync(folder)).toBe(false)
  })

  test('is not made of settings that the CLI would refuse', () => {
    write('settings.json', '{ oops')
    expect(() => prepareGeminiHome({ HOME: home })).toThrow(/cannot read .*settings\.json/)
  })
})

describe('MCP servers', () => {
  const ask = (mcp: 'none' | 'inherit' | readonly string[]) => {
    write('settings.json', '{"mcpServers": {"files": {}, "web": {}}}')
    return geminiMcpArguments({ mcp, cwd: home, environment: { HOME: home } })
  }

  test.each([
    ['inherit', []],
    ['none', ['--extensions=none', '--allowed-mcp-server-names=.none']],
    [['web'], ['--extensions=none', '--allowed-mcp-server-names=web']],
  ] as const)('%s', async (mcp, args) => {
    expect(await ask(mcp)).toEqual({ args })
  })

  test('that are not there are a failure that names those that are', async () => {
    expect(await ask(['web', 'git'])).toEqual({
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
  expect(geminiSignIn({ HOME: home, ...environment })).toBe(expected)
})

test('the recording of a session of this minute gets the name of the minute before', () => {
  const chats = join(gemini, 'tmp', 'project', 'chats')
  mkdirSync(chats, { recursive: true })
  const now = new Date('2026-11-21T13:00:20Z')
  const names = ['session-2026-11-21T13-00-aaaaaaaa.jsonl', 'session-2026-11-21T13-00-bbbbbbbb.jsonl']
  for (const name of names) writeFileSync(join(chats, name), '')
  keepRecording('aaaaaaaa-0000', { HOME: home }, now)
  keepRecording('cccccccc-0000', { HOME: home }, now)
  expect(readdirSync(chats).sort()).toEqual([
    'session-2026-11-21T12-59-aaaaaaaa.jsonl',
    'session-2026-11-21T13-00-bbbbbbbb.jsonl',
  ])
})

test('a recording that was kept is not overwritten by what a resumption began anew', () => {
  const chats = join(gemini, 'tmp', 'project', 'chats')
  mkdirSync(chats, { recursive: true })
  const now = new Date('2026-11-21T13:00:30Z')
  const [own, kept] = ['13-00', '12-59'].map((minute) =>
    join(chats, `session-2026-11-21T${minute}-aaaaaaaa.jsonl`),
  )
  writeFileSync(own ?? '', 'the session')
  keepRecording('aaaaaaaa-0000', { HOME: home }, now)
  writeFileSync(own ?? '', 'a stub')
  keepRecording('aaaaaaaa-0000', { HOME: home }, now)
  expect(readFileSync(kept ?? '', 'utf8')).toBe('the session')
})

test('the .env of a folder is the nearest one', () => {
  const [project, inner] = [join(home, 'project'), join(home, 'project', 'inner')]
  mkdirSync(inner, { recursive: true })
  const outside = envFileOf(inner)
  writeFileSync(join(project, '.env'), '')
  expect(envFileOf(inner)).toBe(join(project, '.env'))
  expect(outside).not.toBe(join(project, '.env'))
})
