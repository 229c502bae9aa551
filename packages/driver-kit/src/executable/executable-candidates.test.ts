import { expect, it } from 'vitest'
import { listExecutableCandidates as candidatesOf, type ExecutableSearch } from './executable-candidates.js'

const executableCandidates = (
  search: Omit<ExecutableSearch, 'foldersIn'>,
  folders: Record<string, string[]> = {},
) => candidatesOf({ ...search, foldersIn: (folder) => folders[folder] ?? [] })

it('asks PATH first, in its order, then the well-known places', () => {
  const candidates = executableCandidates({
    name: 'claude',
    environment: { PATH: '/one:/two' },
    platform: 'darwin',
    home: '/Users/me',
  })
  expect(candidates.slice(0, 2)).toEqual(['/one/claude', '/two/claude'])
  expect(candidates.slice(2)).toEqual(
    expect.arrayContaining([
      '/Users/me/.local/bin/claude',
      '/Users/me/.claude/local/claude',
      '/opt/homebrew/bin/claude',
      '/usr/local/bin/claude',
      '/Users/me/.npm-global/bin/claude',
      '/Users/me/.bun/bin/claude',
    ]),
  )
})

it.each([
  ['an empty folder', ':/one:'],
  ['the folder we are in', '.:/one'],
  ['a relative folder', 'node_modules/.bin:/one'],
])('passes by %s in PATH', (_name, PATH) => {
  const candidates = executableCandidates({
    name: 'claude',
    environment: { PATH },
    platform: 'linux',
    home: '/h',
  })
  expect(candidates[0]).toBe('/one/claude')
})

it('knows the well-known places without a PATH', () => {
  const candidates = executableCandidates({ name: 'claude', environment: {}, platform: 'linux', home: '/h' })
  expect(candidates[0]).toBe('/h/.local/bin/claude')
})

it('goes by PATHEXT on Windows, and never takes the bare name', () => {
  const candidates = executableCandidates({
    name: 'claude',
    environment: {
      Path: '"C:\\My Tools";D:\\bin',
      PATHEXT: '.EXE;.CMD',
      APPDATA: 'C:\\Users\\me\\AppData\\Roaming',
    },
    platform: 'win32',
    home: 'C:\\Users\\me',
  })
  expect(candidates.slice(0, 4)).toEqual([
    'C:\\My Tools\\claude.exe',
    'C:\\My Tools\\claude.cmd',
    'D:\\bin\\claude.exe',
    'D:\\bin\\claude.cmd',
  ])
  expect(candidates).toContain('C:\\Users\\me\\AppData\\Roaming\\npm\\claude.cmd')
  expect(candidates).toContain('C:\\Users\\me\\.local\\bin\\claude.exe')
  expect(candidates.filter((candidate) => candidate.endsWith('claude'))).toEqual([])
})

it.each([
  ['nvm', {}, '/h/.nvm/versions/node', 'bin'],
  ['nvm elsewhere', { NVM_DIR: '/nvm' }, '/nvm/versions/node', 'bin'],
  ['fnm on macOS', {}, '/h/Library/Application Support/fnm/node-versions', 'installation/bin'],
])('knows the versions of %s, the newest first', (_name, environment, folder, programs) => {
  const candidates = executableCandidates(
    { name: 'codex', environment: { PATH: '/usr/bin:/bin', ...environment }, platform: 'darwin', home: '/h' },
    { [folder]: ['v9.1.0', 'v22.9.0'] },
  )
  expect(candidates.slice(0, 2)).toEqual(['/usr/bin/codex', '/bin/codex'])
  expect(candidates.filter((path) => path.startsWith(folder))).toEqual(
    ['v22.9.0', 'v9.1.0'].map((version) => `${folder}/${version}/${programs}/codex`),
  )
})

it('knows where npm, Volta, nvm and fnm put programs on Windows', () => {
  const candidates = executableCandidates(
    { name: 'codex', environment: { PATHEXT: '.CMD' }, platform: 'win32', home: 'C:\\Users\\me' },
    { 'C:\\Users\\me\\AppData\\Roaming\\fnm\\node-versions': ['v22.9.0'] },
  )
  expect(candidates).toEqual(
    expect.arrayContaining([
      'C:\\Users\\me\\AppData\\Roaming\\npm\\codex.cmd',
      'C:\\Users\\me\\AppData\\Local\\Volta\\bin\\codex.cmd',
      'C:\\nvm4w\\nodejs\\codex.cmd',
      'C:\\Program Files\\nodejs\\codex.cmd',
      'C:\\Users\\me\\AppData\\Roaming\\fnm\\node-versions\\v22.9.0\\installation\\codex.cmd',
    ]),
  )
})
