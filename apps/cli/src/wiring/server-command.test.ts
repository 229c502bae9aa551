import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { pinnedPackage, serverCommand, type Running } from './server-command.js'

const ours = 'node_modules/subagent-mcp/bin/subagent-mcp.js'

test('is what runs, by its whole path', () => {
  const folder = temporaryFolder()
  const script = join(folder, 'lib', ours)
  write(join(folder, 'bin/subagent-mcp'))
  expect(serverCommand(running({ script }))).toEqual({ command: '/usr/bin/node', args: [script] })
})

test.each([
  `/home/me/.npm/_npx/0a1b/${ours}`,
  `/home/me/.cache/pnpm/dlx/x/${ours}`,
  `/tmp/bunx-1000-subagent-mcp@latest/${ours}`,
  String.raw`C:\Users\me\AppData\Local\npm-cache\_npx\0a1b\node_modules\subagent-mcp\bin\subagent-mcp.js`,
  `/home/me/project/${ours}`,
])('is the pinned package where the script goes any day: %s', (script) => {
  expect(serverCommand(running({ script }))).toEqual(pinnedPackage(running({})))
})

test('npx is a batch file on Windows', () => {
  expect(pinnedPackage(running({}))).toEqual({ command: 'npx', args: ['-y', 'subagent-mcp@1.2.3'] })
  expect(pinnedPackage(running({ platform: 'win32' }))).toEqual({
    command: 'cmd',
    args: ['/c', 'npx', '-y', 'subagent-mcp@1.2.3'],
  })
})

test('does not name a release of node where PATH leads to the same one', () => {
  const folder = temporaryFolder()
  const node = join(folder, 'Cellar/node/22.1.0/bin/node')
  write(node)
  for (const place of ['fnm_multishells/1/bin', 'bin']) link(node, join(folder, place, 'node'))
  write(join(folder, 'other/node'))
  const path = ['other', 'fnm_multishells/1/bin', 'nowhere', 'bin'].map((place) => join(folder, place))
  const { command } = serverCommand(running({ node, path: path.join(':') }))
  expect(command).toBe(join(folder, 'bin/node'))
  const named = [...path, dirname(node)].join(':')
  expect(serverCommand(running({ node, path: named })).command).toBe(node)
  expect(serverCommand(running({ node, path: '/nowhere:bin' })).command).toBe(node)
})

test('does not name a release of ours where pnpm links to the current one', () => {
  const folder = join(temporaryFolder(), 'global/5')
  const script = join(folder, '.pnpm/subagent-mcp@1.2.3', ours)
  write(script)
  expect(serverCommand(running({ script })).args).toEqual([script])
  link(
    join(folder, '.pnpm/subagent-mcp@1.2.3/node_modules/subagent-mcp'),
    join(folder, dirname(dirname(ours))),
  )
  expect(serverCommand(running({ script })).args).toEqual([join(folder, ours)])
})

function running(given: Partial<Running>): Running {
  const script = '/opt/subagent-mcp/bin/subagent-mcp.js'
  return { node: '/usr/bin/node', script, version: '1.2.3', platform: 'linux', path: '/usr/bin', ...given }
}

function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'server-')))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

function write(path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '')
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path)
}
