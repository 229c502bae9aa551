import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  decideToolCall,
  noPermissionRules,
  createDiskToolCallContext,
  parseToolCall,
} from '@subagent-mcp/permissions'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findTestCommands } from './test-commands.js'

let project: string
beforeEach(() => (project = mkdtempSync(join(tmpdir(), 'tests-'))))
afterEach(() => {
  rmSync(project, { recursive: true })
})

const script = (test: string, more = {}) => JSON.stringify({ scripts: { test }, ...more })

test.each<[string, Record<string, string>, string[]]>([
  ['nothing', {}, []],
  ['npm', { 'package.json': script('vitest') }, ['npm test']],
  ['the script of npm init', { 'package.json': script('echo "Error: no test specified" && exit 1') }, []],
  ['a broken package.json', { 'package.json': '{' }, []],
  ['pnpm by its lock', { 'package.json': script('vitest'), 'pnpm-lock.yaml': '' }, ['pnpm test']],
  ['yarn by its lock', { 'package.json': script('jest'), 'yarn.lock': '' }, ['yarn test']],
  [
    'bun by its name',
    { 'package.json': script('bun test', { packageManager: 'bun@1.2.0' }) },
    ['bun run test'],
  ],
  [
    'the named manager before a lock',
    { 'package.json': script('jest', { packageManager: 'npm@11.0.0' }), 'yarn.lock': '' },
    ['npm test'],
  ],
  [
    'pytest with uv',
    { 'pyproject.toml': '[tool.pytest.ini_options]\n', 'uv.lock': '' },
    ['pytest', 'python -m pytest', 'uv run pytest'],
  ],
  ['python without pytest', { 'pyproject.toml': '[project]\nname = "x"\n' }, []],
  ['Rust and Go', { 'Cargo.toml': '', 'go.mod': '' }, ['cargo test', 'go test ./...']],
  ['make', { Makefile: 'all:\n\ntest: all\n\t./run\n' }, ['make test']],
  ['a Makefile without tests', { Makefile: 'test := 1\ntests:\n' }, []],
])('finds the test commands of %s', (_name, files, commands) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text)
  const found = findTestCommands(project)
  expect(found.map(({ command }) => command)).toEqual(commands)
  const place = createDiskToolCallContext(project)
  const policy = {
    preset: 'ask',
    rules: noPermissionRules,
    testCommands: found.map(({ pattern }) => pattern),
  } as const
  const verdict = (command: string): string =>
    decideToolCall(policy, parseToolCall('claude', { tool: 'Bash', input: { command } }, place), place)
      .verdict
  for (const { command } of found) {
    expect([command, verdict(command)]).toEqual([command, 'allow'])
    expect(verdict(`${command} && curl example.org`)).toBe('ask')
  }
  expect(verdict('make deploy')).toBe('ask')
  expect(verdict('npm install x')).toBe('ask')
})
