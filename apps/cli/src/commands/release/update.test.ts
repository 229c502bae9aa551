import { processesWith, thorough } from '@subagent-mcp/testkit'
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  clientOf,
  containing,
  daemonPid,
  launchEndless,
  oursIn,
  daemonPidIn,
  startMcp,
} from '../../daemon/cli-daemon.test.support.js'
import type { CliRuntime } from '../../cli-runtime.test.support.js'
import { useInstalledCli } from '../../releases/installed-cli.test.support.js'

const theCli = useInstalledCli()

test('says whether there is a newer release, or why that is unknown', async () => {
  const { run, publish, installs, prefix, script } = theCli()
  expect(await run('update', '--check')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: containing('the newest release cannot be told: npm view subagent-mcp version: exit code 1:\n'),
  })
  expect((await run('update')).stderr).toContain(
    'hint: this needs a network; nothing was changed. Try: npm view',
  )
  publish('0.0.0')
  expect((await run('update', '--check')).stdout).toBe('0.0.0 is the newest release\n')
  publish('0.0.1')
  expect((await run('update', '--check')).stdout).toBe('0.0.0 can become 0.0.1\n')
  expect(JSON.parse((await run('update', '--check', '--json')).stdout)).toEqual({
    current: '0.0.0',
    newer: '0.0.1',
    installed: 'npm',
  })
  expect((await run('update', '--dry-run')).stdout).toBe(
    '0.0.0 can become 0.0.1\n' +
      `would run: npm install --global --prefix ${prefix} subagent-mcp@0.0.1\n` +
      `would run: ${process.execPath} ${script} update --after 0.0.0\n` +
      'would restart the daemon if no caller uses it\n',
  )
  expect(installs()).toEqual([])
})

test(
  'installs it, refreshes what was written and the daemon; and all of that is rolled back',
  thorough,
  async () => {
    const { run, publish, installs, prefix, house } = theCli()
    const [cursor, project] = [join(house.home, '.cursor/mcp.json'), join(house.home, 'project')]
    mkdirSync(join(house.home, '.cursor'))
    mkdirSync(project)
    expect(await run('setup', '--yes', '--host', 'cursor')).toMatchObject({ code: 0 })
    expect(await run('init', '--root', project, '--files', 'AGENTS.md')).toMatchObject({ code: 0 })
    const [entry, block] = [cursor, join(project, 'AGENTS.md')].map((path) => readFileSync(path, 'utf8'))
    const [oldEntry, oldBlock] = [entry?.replace('lib/node', 'old/node'), block?.replace('Delegate', 'Never')]
    writeFileSync(cursor, oldEntry ?? '')
    writeFileSync(join(project, 'AGENTS.md'), oldBlock ?? '')
    const old = daemonPidIn((await run('daemon', 'start')).stdout)
    publish('0.0.1')
    const updated = await run('update')
    expect(updated).toMatchObject({
      code: 0,
      stdout:
        '0.0.0 can become 0.0.1\n0.0.1 is installed; subagent-mcp rollback goes back to 0.0.0\n' +
        'updated: ~/.cursor/mcp.json\nupdated: ~/project/AGENTS.md\n',
    })
    expect((await run('--version')).stdout).toBe('0.0.1\n')
    expect(readFileSync(cursor, 'utf8')).toBe(entry)
    expect(readFileSync(join(project, 'AGENTS.md'), 'utf8')).toBe(block)
    expect(await daemonPid(house)).toBeUndefined()
    const { stdout } = await run('daemon', 'status', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ running: true, version: '0.0.1' })
    expect(processesWith(house.home)).not.toContain(old)

    expect((await run('rollback')).stderr).toContain('undo this? No person is at a terminal to answer')
    expect((await run('rollback', '--dry-run')).stdout).toMatch(
      /^update of \S+ \S+:\nthe release: 0\.0\.0\n~\/\.cursor\/mcp\.json: as it was before\n~\/project\/AGENTS\.md: as it was before\n$/,
    )
    expect(await run('rollback', '--yes')).toMatchObject({ code: 0 })
    expect((await run('--version')).stdout).toBe('0.0.0\n')
    expect(readFileSync(cursor, 'utf8')).toBe(oldEntry)
    expect(readFileSync(join(project, 'AGENTS.md'), 'utf8')).toBe(oldBlock)
    const npm = `install --global --prefix ${prefix} subagent-mcp@`
    expect(installs()).toEqual([`${npm}0.0.1`, `${npm}0.0.0`])
  },
)

const badReleases = [
  { release: '0.0.2', why: 'built on a bad day', tags: {} },
  { release: '0.0.3', why: 'no SQLite', tags: thorough },
]
for (const { release, why, tags } of badReleases)
  test(`release ${release} does not work, and makes way for the one that was there`, tags, async () => {
    const { run, publish, installs, house } = theCli()
    const project = join(house.home, 'project')
    mkdirSync(project)
    await run('init', '--root', project)
    const { stdout } = await run('rollback', '--dry-run')
    publish(release)
    const failed = await run('update')
    expect(failed).toMatchObject({ code: 1, stdout: '' })
    expect(failed.stderr).toContain(`${release} could not be used: `)
    expect(failed.stderr).toContain(why)
    expect(failed.stderr).toContain('\n0.0.0 is in its place\n')
    expect((await run('--version')).stdout).toBe('0.0.0\n')
    expect(installs()).toHaveLength(2)
    expect((await run('rollback', '--dry-run')).stdout).toBe(stdout)
  })

test('a host that is open goes on with the daemon of the new release', thorough, async () => {
  const { run, publish, house, script } = theCli()
  const start: CliRuntime['start'] = (words) =>
    spawn(process.execPath, [script, ...words], { env: house.environment, stdio: 'pipe' })
  const { child, end, call, answers } = await startMcp({ ...house, start })
  publish('0.0.1')
  expect(JSON.parse((await run('update', '--json')).stdout)).toMatchObject({ daemon: { type: 'ended' } })
  await expect.poll(() => answers.get(undefined)).toContain('/list_changed')
  call(2, 'list_agents', {})
  await expect.poll(() => answers.get(2)).toContain('"result"')
  const { stdout } = await run('daemon', 'status', '--json')
  expect(JSON.parse(stdout)).toMatchObject({ version: '0.0.1', hosts: 1 })
  child.stdin.end()
  await end
})

test('a daemon whose agents are at work stays', async () => {
  const { run, publish, house } = theCli()
  await run('daemon', 'start')
  const { id, remove } = await launchEndless(house)
  publish('0.0.1')
  const { stdout } = await run('update', '--json')
  expect(JSON.parse(stdout)).toMatchObject({
    updated: true,
    followed: { files: [] },
    daemon: { type: 'stays', why: containing('serves 1 agent') },
  })
  await clientOf(house).kill(id)
  remove()
})

test(
  'without a newer release what is old is refreshed all the same, and the last setup is taken back',
  thorough,
  async () => {
    const { run, publish, house, installs } = theCli()
    const cursor = join(house.home, '.cursor/mcp.json')
    mkdirSync(join(house.home, '.cursor'))
    writeFileSync(cursor, '{ "mine": 1 }\n')
    await run('setup', '--yes', '--host', 'cursor')
    const entry = readFileSync(cursor, 'utf8')
    publish('0.0.0')
    expect((await run('update')).stdout).toBe(
      '0.0.0 is the newest release\nthe files of setup and init are up to date\n',
    )
    writeFileSync(cursor, entry.replace('lib/node', 'old/node'))
    expect((await run('update', '--dry-run')).stdout).toContain('would update: ~/.cursor/mcp.json\n')
    expect((await run('update')).stdout).toContain('updated: ~/.cursor/mcp.json\n')
    expect(readFileSync(cursor, 'utf8')).toBe(entry)
    await run('rollback', '--yes')
    await run('rollback', '--yes')
    expect(readFileSync(cursor, 'utf8')).toBe('{ "mine": 1 }\n')
    expect(readFileSync(oursIn(house, 'installer/records.json'), 'utf8')).toContain('"choices": []')
    expect(installs()).toEqual([])
  },
)

test('an entry that the user took out stays out', thorough, async () => {
  const { run, publish, house } = theCli()
  const cursor = join(house.home, '.cursor/mcp.json')
  mkdirSync(join(house.home, '.cursor'))
  await run('setup', '--yes', '--host', 'cursor')
  writeFileSync(cursor, '{}\n')
  publish('0.0.0')
  expect((await run('update')).stdout).toContain('the files of setup and init are up to date\n')
  expect(readFileSync(cursor, 'utf8')).toBe('{}\n')
})

test('what another put there is looked at, and left alone', thorough, async () => {
  const { house, publish, path } = theCli()
  publish('0.0.1')
  const check = await house.run(['update', '--check'], { PATH: path })
  expect(check).toMatchObject({ code: 0, stdout: '0.0.0 can become 0.0.1\n' })
  expect(await house.run(['update'], { PATH: path })).toMatchObject({
    code: 1,
    stderr: containing('is no global installation, and is left alone'),
  })
  expect(await house.run(['update', '--after', '0.0.0'])).toMatchObject({ code: 0 })
  expect((await house.run(['rollback', '--yes'])).stdout).toBe('there is nothing to undo\n')
  expect(await house.run(['update', '--check', '--dry-run'])).toMatchObject({ code: 2 })
})
