import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isTemporaryScriptPlace } from './installation.js'
import {
  createNpxPackageCommand,
  createProjectServerCommand,
  createServerCommandForHosts,
  type RunningProgram,
} from './server-command.js'

const ours = 'node_modules/subagent-mcp/bin/subagent-mcp.js'

test('is the running program, by absolute paths', () => {
  const folder = temporaryFolder()
  const script = join(folder, 'lib', ours)
  write(join(folder, 'bin/subagent-mcp'))
  expect(createServerCommandForHosts(running({ script }))).toEqual({
    command: '/usr/bin/node',
    args: [script],
  })
})

test.each([
  [
    'npx',
    '_npx/0a1b/node_modules/subagent-mcp',
    'https://registry.npmjs.org/subagent-mcp/-/subagent-mcp-1.2.3.tgz',
  ],
  [
    'a dependency',
    'project/node_modules/subagent-mcp',
    'http://127.0.0.1:4873/subagent-mcp/-/subagent-mcp-1.2.3.tgz',
  ],
])('is the pinned package where npm has fetched it from a registry: %s', (_, place, resolved) => {
  const script = installed(place, { version: '1.2.3', resolved })
  expect(createServerCommandForHosts(running({ script }))).toEqual(createNpxPackageCommand(running({})))
  expect(createProjectServerCommand(running({ script }))).toEqual(createNpxPackageCommand(running({})))
  const byPnpm = `/home/me/.cache/pnpm/dlx/x/node_modules/.pnpm/subagent-mcp@1.2.3/${ours}`
  expect(createServerCommandForHosts(running({ script: byPnpm }))).toEqual(
    createNpxPackageCommand(running({})),
  )
})

test.each([
  ['the version of the source', '0.0.0', 'https://registry.npmjs.org/subagent-mcp/-/subagent-mcp-0.0.0.tgz'],
  ['a tarball', '1.2.3', 'file:../subagent-mcp-1.2.3.tgz'],
  ['a tarball of the web', '1.2.3', 'https://example.org/subagent-mcp-1.2.3.tgz'],
  ['a repository', '1.2.3', 'git+ssh://git@github.com/me/subagent-mcp.git#0a1b'],
  ['a folder', '1.2.3', undefined],
  ['another version', '1.2.3', 'https://registry.npmjs.org/subagent-mcp/-/subagent-mcp-1.2.2.tgz'],
  ['another package', '1.2.3', 'https://registry.npmjs.org/@me/subagent-mcp/-/other-1.2.3.tgz'],
])('never names a package that no registry is known to have: %s', (_, version, resolved) => {
  for (const place of ['_npx/0a1b/node_modules/subagent-mcp', 'project/node_modules/subagent-mcp']) {
    const from = running({ script: installed(place, { version, resolved }), version })
    expect(createServerCommandForHosts(from)).toEqual({ command: '/usr/bin/node', args: [from.script] })
    expect(createProjectServerCommand(from)).toEqual(createServerCommandForHosts(from))
  }
})

test('never names a package where it runs from a checkout, or a link to one', () => {
  const folder = temporaryFolder()
  const script = join(folder, 'apps/cli/bin/subagent-mcp.js')
  write(script)
  mkdirSync(join(folder, '.git'))
  expect(createProjectServerCommand(running({ script })).args).toEqual([script])
})

test.each([
  `/home/me/.npm/_npx/0a1b/${ours}`,
  `/home/me/.cache/pnpm/dlx/x/${ours}`,
  `/tmp/bunx-1000-subagent-mcp@latest/${ours}`,
  String.raw`C:\Users\me\AppData\Local\npm-cache\_npx\0a1b\node_modules\subagent-mcp\bin\subagent-mcp.js`,
  `/home/me/project/${ours}`,
])('is its path where nobody says who has the package: %s', (script) => {
  expect(createServerCommandForHosts(running({ script })).args).toEqual([script])
  expect(createProjectServerCommand(running({ script })).args).toEqual([script])
  expect(isTemporaryScriptPlace(script)).toBe(true)
})

test('npx is a batch file on Windows', () => {
  expect(createNpxPackageCommand(running({}))).toEqual({ command: 'npx', args: ['-y', 'subagent-mcp@1.2.3'] })
  expect(createNpxPackageCommand(running({ platform: 'win32' }))).toEqual({
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
  const { command } = createServerCommandForHosts(running({ node, path: path.join(':') }))
  expect(command).toBe(join(folder, 'bin/node'))
  const named = [...path, dirname(node)].join(':')
  expect(createServerCommandForHosts(running({ node, path: named })).command).toBe(node)
  expect(createServerCommandForHosts(running({ node, path: '/nowhere:bin' })).command).toBe(node)
})

test('does not name a release of ours where pnpm links to the current one', () => {
  const folder = join(temporaryFolder(), 'global/5')
  const script = join(folder, '.pnpm/subagent-mcp@1.2.3', ours)
  write(script)
  expect(createServerCommandForHosts(running({ script })).args).toEqual([script])
  link(
    join(folder, '.pnpm/subagent-mcp@1.2.3/node_modules/subagent-mcp'),
    join(folder, dirname(dirname(ours))),
  )
  expect(createServerCommandForHosts(running({ script })).args).toEqual([join(folder, ours)])
})

function running(given: Partial<RunningProgram>): RunningProgram {
  const script = '/opt/subagent-mcp/bin/subagent-mcp.js'
  return { node: '/usr/bin/node', script, version: '1.2.3', platform: 'linux', path: '/usr/bin', ...given }
}

/** A package in a folder, with the list that npm keeps of what it put there. */
function installed(place: string, listed: { version: string; resolved: string | undefined }): string {
  const folder = temporaryFolder()
  const script = join(folder, place, 'bin/subagent-mcp.js')
  write(script)
  const list = { packages: { 'node_modules/subagent-mcp': listed } }
  writeFileSync(join(folder, dirname(place), '.package-lock.json'), JSON.stringify(list))
  return script
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
