import { execFileSync } from 'node:child_process'
import { checkForLeaks } from '@subagent-mcp/testkit'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { changeRelease, returnTo, runProgram } from './change-release.js'
import { askReleases } from './newest-release.js'
import { releaseSource, type Program, type ReleaseSource } from './release-source.js'
import { withRunner, type Runner, type Words } from './run-words.js'

checkForLeaks()

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'release-')))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('a release that hangs makes way for the one that was there', async () => {
  const source = scripts({ '1.0.0': "console.log('1.0.0')", '1.1.0': 'setInterval(() => {}, 1000)' })
  await withRunner(process.env, async (run) => {
    await returnTo('1.0.0', source, run)
    await expect(
      changeRelease({ source, from: '1.0.0', to: '1.1.0', run: hasty(run) }),
    ).rejects.toMatchObject({
      message: matching(
        /^1\.1\.0 could not be used: .*installed\.js --version: did not end within 4 s\n1\.0\.0 is in its place$/,
      ),
    })
    expect(await runProgram(source.program('1.0.0'), ['--version'], run)).toBe('1.0.0')
  })
})

test('one that another manager put elsewhere is not taken for it', async () => {
  const source = scripts({ '1.0.0': "console.log('1.0.0')", '1.1.0': "console.log('1.0.9')" })
  await withRunner(process.env, async (run) => {
    await expect(changeRelease({ source, from: '1.0.0', to: '1.1.0', run })).rejects.toThrow(
      "1.1.0 could not be used: asked for its version it says '1.0.9'",
    )
  })
})

test('what cannot be put back is told with what to run', async () => {
  const source = scripts({ '1.1.0': 'process.exit(7)' })
  await withRunner(process.env, async (run) => {
    const failing = changeRelease({ source, from: '1.0.0', to: '1.1.0', run })
    await expect(failing).rejects.toMatchObject({ hint: matching(/ 1\.0\.0$/) })
    await expect(failing).rejects.toThrow('1.0.0 could not be put back')
  })
})

test('a checkout goes forward to what its origin has, and back, but not over changes of the user', async () => {
  const { root, git } = checkout()
  const source = releaseSource({ type: 'checkout', root })
  if (source === undefined) throw new Error('a checkout has a source')
  await withRunner(process.env, async (run) => {
    const { current, newer = '' } = await askReleases(source, run)
    expect(newer).toMatch(/^[0-9a-f]{40}$/)
    await changeRelease({ source, from: current, to: newer, run })
    expect(git('rev-parse', 'HEAD')).toBe(newer)
    expect(await askReleases(source, run)).toEqual({ current: newer, newer: undefined })
    await returnTo(current, source, run)
    expect(git('rev-parse', 'HEAD')).toBe(current)
    writeFileSync(join(root, 'README.md'), 'mine')
    const refused = changeRelease({ source, from: current, to: newer, run })
    await expect(refused).rejects.toThrow(`README.md`)
    await expect(refused).rejects.toThrow(`${current} is in its place`)
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toBe('mine')
    expect(git('rev-parse', 'HEAD')).toBe(current)
  })
})

/** A manager of packages that copies a script into its place. */
function scripts(releases: Readonly<Record<string, string>>): ReleaseSource {
  for (const [release, text] of Object.entries(releases)) write(`${release}.js`, text)
  const manager = write(
    'manager.js',
    "require('node:fs').copyFileSync(`${__dirname}/${process.argv[2]}.js`, `${__dirname}/installed.js`)",
  )
  const install = (release: string): Words[] => [[process.execPath, manager, release]]
  const program = (): Program => ({ words: [process.execPath, join(folder, 'installed.js')] })
  return { newest: [], install, goBack: install, program, isVersion: true }
}

/** A clone whose origin has a commit more; its build does nothing. */
function checkout() {
  const [origin, root] = [join(folder, 'origin'), join(folder, 'clone')]
  const gitIn = (cwd: string, ...words: string[]): string =>
    execFileSync('git', ['-c', 'user.name=me', '-c', 'user.email=me@localhost', ...words], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env['PATH'], HOME: folder },
    }).trim()
  write('origin/apps/cli/bin/subagent-mcp.js', "console.log('0.0.0')")
  write('origin/tooling/run.mjs', '')
  write('origin/README.md', 'one')
  gitIn(origin, 'init', '--quiet')
  gitIn(origin, 'add', '.')
  gitIn(origin, 'commit', '--quiet', '-m', 'one')
  gitIn(folder, 'clone', '--quiet', origin, root)
  write('origin/README.md', 'two')
  gitIn(origin, 'commit', '--quiet', '-a', '-m', 'two')
  return { root, git: (...words: string[]) => gitIn(root, ...words) }
}

function write(name: string, text: string): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return path
}

/** Waits for nobody. */
function hasty(run: Runner): Runner {
  return (what) => run({ ...what, seconds: 4 })
}

/** vitest's own has no type. */
function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}
