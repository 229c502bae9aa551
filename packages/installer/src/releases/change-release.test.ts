import { SubagentError } from '@subagent-mcp/contract'
import { execFileSync } from 'node:child_process'
import { checkForLeaks, thorough } from '@subagent-mcp/testkit'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { switchRelease, reinstallEarlierRelease, runProgram } from './change-release.js'
import { createCheckoutReleaseSource } from './checkout-source.js'
import type { ReleaseSource } from './release-source.js'
import { withCommandRunner, type TypedCommand, type CommandRunner, type ProgramStart } from './run-command.js'

checkForLeaks()

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'release-')))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('a release that hangs makes way for the one that was there', thorough, async () => {
  const source = scripts({ '1.0.0': "console.log('1.0.0')", '1.1.0': 'setInterval(() => {}, 1000)' })
  await withCommandRunner(process.env, async (run) => {
    await reinstallEarlierRelease('1.0.0', source, run)
    await expect(
      switchRelease({ source, from: '1.0.0', to: '1.1.0', run: hasty(run) }, nothingMore),
    ).rejects.toMatchObject({
      message: matching(
        /^1\.1\.0 could not be used: .*installed\.js --version: did not end within 4 s\n1\.0\.0 is in its place$/,
      ),
    })
    expect(await runProgram(source.program('1.0.0'), ['--version'], run)).toBe('1.0.0')
  })
})

test('does not accept a release that another manager installed elsewhere', async () => {
  const source = scripts({ '1.0.0': "console.log('1.0.0')", '1.1.0': "console.log('1.0.9')" })
  await withCommandRunner(process.env, async (run) => {
    await expect(switchRelease({ source, from: '1.0.0', to: '1.1.0', run }, nothingMore)).rejects.toThrow(
      "1.1.0 could not be used: asked for its version it says '1.0.9'",
    )
  })
})

test('reports the command to run when the old release cannot be restored', async () => {
  const source = scripts({ '1.1.0': 'process.exit(7)' })
  await withCommandRunner(process.env, async (run) => {
    const failing = switchRelease({ source, from: '1.0.0', to: '1.1.0', run }, nothingMore)
    await expect(failing).rejects.toMatchObject({ hint: matching(/ 1\.0\.0$/) })
    await expect(failing).rejects.toThrow('1.0.0 could not be put back')
  })
})

test('one that fails to follow makes way as well, and then what it wrote is undone', async () => {
  const source = scripts({ '1.0.0': "console.log('1.0.0')", '1.1.0': "console.log('1.1.0')" })
  await withCommandRunner(process.env, async (run) => {
    const steps: string[] = []
    const follow = async (): Promise<void> => {
      steps.push(await runProgram(source.program('1.1.0'), ['--version'], run))
      throw new SubagentError('io-failed', 'no SQLite')
    }
    const undo = (): void => void steps.push('undone')
    await expect(
      switchRelease({ source, from: '1.0.0', to: '1.1.0', run }, { follow, undo }),
    ).rejects.toThrow('1.1.0 could not be used: no SQLite\n1.0.0 is in its place')
    steps.push(await runProgram(source.program('1.0.0'), ['--version'], run))
    expect(steps).toEqual(['1.1.0', 'undone', '1.0.0'])
  })
})

test('a checkout goes forward to what its origin has, and back, but not over changes of the user', async () => {
  const { root, git } = checkout()
  const source = createCheckoutReleaseSource(root, process.execPath)
  await withCommandRunner(process.env, async (run) => {
    const [from, to = ''] = [await source.current(run), await source.newer(run)]
    expect(to).toMatch(/^[0-9a-f]{40}$/)
    await switchRelease({ source, from, to, run }, nothingMore)
    expect(git('rev-parse', 'HEAD')).toBe(to)
    expect([await source.current(run), await source.newer(run)]).toEqual([to, undefined])
    await reinstallEarlierRelease(from, source, run)
    expect(git('rev-parse', 'HEAD')).toBe(from)
    writeFileSync(join(root, 'README.md'), 'mine')
    const refused = switchRelease({ source, from, to, run }, nothingMore)
    await expect(refused).rejects.toThrow(`README.md`)
    await expect(refused).rejects.toThrow(`${from} is in its place`)
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toBe('mine')
    expect(git('rev-parse', 'HEAD')).toBe(from)
  })
})

test('a checkout says what keeps it from its origin: commits of its own, or no branch', async () => {
  const { root, git } = checkout()
  const source = createCheckoutReleaseSource(root, process.execPath)
  await withCommandRunner(process.env, async (run) => {
    git('commit', '--quiet', '--allow-empty', '-m', 'mine')
    await expect(source.newer(run)).rejects.toMatchObject({
      message: `the branch of ${root} has commits that its upstream has not, and the other way round`,
      hint: matching(/ pull --rebase, /),
    })
    git('checkout', '--quiet', '--detach')
    await expect(source.newer(run)).rejects.toMatchObject({ hint: matching(/^git switch to a branch/) })
  })
})

const nothingMore = { follow: () => Promise.resolve(), undo: () => undefined }

/** Creates a fake package manager that copies a script into its place. */
function scripts(releases: Readonly<Record<string, string>>): ReleaseSource {
  for (const [release, text] of Object.entries(releases)) write(`${release}.js`, text)
  const manager = write(
    'manager.js',
    "require('node:fs').copyFileSync(`${__dirname}/${process.argv[2]}.js`, `${__dirname}/installed.js`)",
  )
  const install = (release: string): TypedCommand[] => [[process.execPath, manager, release]]
  const program = (): ProgramStart => ({ words: [process.execPath, join(folder, 'installed.js')] })
  return {
    place: folder,
    asks: 'nobody',
    current: () => Promise.resolve('1.0.0'),
    newer: () => Promise.resolve(undefined),
    install,
    goBack: install,
    program,
    isAnswer: (answer, release) => answer === release,
  }
}

/** Creates a git clone that is one commit behind its origin, with a build that does nothing. */
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

/** A runner of commands that sets each time limit to four seconds. */
function hasty(run: CommandRunner): CommandRunner {
  return (what) => run({ ...what, seconds: 4 })
}

/** The matcher `stringMatching` of vitest with a type, which vitest does not give it. */
function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}
