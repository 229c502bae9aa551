import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findProgramInstallation } from './installation.js'

const home = '/home/me'
const script = 'node_modules/subagent-mcp/bin/subagent-mcp.js'

test.each([
  [`${home}/.npm/_npx/ab12/${script}`, { type: 'npx' }],
  [`${home}/.cache/pnpm/dlx/ab12/${script}`, { type: 'npx' }],
  [`${home}/pnpm/global/5/.pnpm/subagent-mcp@1.0.0/${script}`, { type: 'pnpm', home: `${home}/pnpm` }],
  [
    `${home}/.config/yarn/global/${script}`,
    { type: 'yarn', script: `${home}/.config/yarn/global/${script}` },
  ],
  [`${home}/.bun/install/global/${script}`, { type: 'bun', script: `${home}/.bun/install/global/${script}` }],
  [`${home}/project/${script}`, { type: 'other', folder: `${home}/project/node_modules/subagent-mcp` }],
  [
    'C:\\Users\\me\\AppData\\Local\\Yarn\\Data\\global\\node_modules\\subagent-mcp\\bin\\subagent-mcp.js',
    { type: 'yarn' },
  ],
])('%s', (path, installed) => {
  expect(findProgramInstallation({ called: path, real: path })).toMatchObject(installed)
})

test('pnpm, which links into its store', () => {
  const called = `${home}/pnpm/global/v11/a81d/${script}`
  const real = `${home}/pnpm/store/v11/links/@/subagent-mcp/1.0.0/44d4/${script}`
  expect(findProgramInstallation({ called, real })).toEqual({ type: 'pnpm', home: `${home}/pnpm` })
})

test('npm, by the program beside it', () => {
  const prefix = temporaryFolder()
  const path = join(prefix, 'lib', script)
  expect(findProgramInstallation({ called: path, real: path })).toMatchObject({ type: 'other' })
  write(join(prefix, 'bin/subagent-mcp'))
  expect(findProgramInstallation({ called: path, real: path })).toEqual({ type: 'npm', prefix, script: path })
  const windows = temporaryFolder()
  write(join(windows, 'subagent-mcp.cmd'))
  const onWindows = join(windows, script)
  expect(findProgramInstallation({ called: onWindows, real: onWindows })).toMatchObject({
    type: 'npm',
    prefix: windows,
  })
})

test('a checkout, also one that npm links to', () => {
  const root = temporaryFolder()
  const real = join(root, 'apps/cli/bin/subagent-mcp.js')
  expect(findProgramInstallation({ called: real, real })).toEqual({
    type: 'other',
    folder: join(root, 'apps/cli'),
  })
  write(join(root, '.git/HEAD'))
  expect(findProgramInstallation({ called: `/usr/lib/${script}`, real })).toEqual({ type: 'checkout', root })
})

function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'installed-')))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

function write(path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '')
}
