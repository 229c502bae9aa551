import { thorough } from '@subagent-mcp/testkit'
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeRunFolder, useShimHost } from './shim-host.test.support.js'

const theHost = useShimHost()
const startFile = () => theHost().socket.replace(/sock$/, 'start')

describe('who starts the daemon', () => {
  test('one of twenty at once', thorough, async () => {
    const shims = Array.from({ length: 20 }, () => theHost().start())
    for (const [index, shim] of shims.entries()) shim.write(`shim ${index}\n`)
    for (const [index, { stdout }] of shims.entries()) {
      await expect.poll(stdout, { timeout: 40_000 }).toContain(`\nshim ${index}\n`)
    }
    expect(theHost().starts()).toHaveLength(1)
    expect(shims.map(({ stderr }) => stderr()).join('')).toBe('')
    await expect.poll(() => existsSync(startFile())).toBe(false)
  })

  test('somebody else, when the one whose turn it was is dead', async () => {
    makeRunFolder(theHost())
    writeFileSync(startFile(), String(2 ** 22 + 1))
    const shim = theHost().start()
    shim.write('x\n')
    await expect.poll(shim.stdout).toContain('\nx')
  })

  test('nobody else while the one whose turn it is lives', async () => {
    makeRunFolder(theHost())
    writeFileSync(startFile(), String(process.ppid))
    const late = theHost().package.startDaemon(environment(), 200)
    await expect(late).rejects.toMatchObject({ code: 'daemon-failed' })
    expect(theHost().starts()).toHaveLength(0)
    expect(readFileSync(startFile(), 'utf8')).toBe(String(process.ppid))
  })

  test('the same one again, when the first found another that was on its way out', async () => {
    const shim = theHost().start({ SUBAGENT_MCP_FAKE: 'yields' })
    shim.write('x\n')
    await expect.poll(shim.stdout).toContain('\nx')
    expect(theHost().starts()).toHaveLength(2)
  })
})

describe('when it does not come up', () => {
  test('without a word, it gets another try', async () => {
    const shim = theHost().start({ SUBAGENT_MCP_FAKE: 'dies' })
    shim.write('x\n')
    await expect.poll(shim.stdout).toContain('\nx')
    expect(theHost().starts()).toHaveLength(2)
    expect(shim.stderr()).toBe('')
  })

  test('the shim says what it said, and serves by itself', async () => {
    const shim = theHost().start({ SUBAGENT_MCP_FAKE: 'fails' })
    shim.write('hello?')
    await expect.poll(shim.stdout).toBe('in-process\nhello?')
    expect(shim.stderr()).toMatch(
      /^subagent-mcp: the daemon did not start:\nno luck today\nhint: .*daemon-0.0.0.log\n/,
    )
    expect(shim.stderr()).toContain('serving without a daemon: agents end with this session')
    shim.end()
    expect(await shim.exit).toBe(0)
  })

  test('no shim waits without limit', async () => {
    const late = theHost().package.startDaemon({ ...environment(), SUBAGENT_MCP_FAKE: 'hides' }, 300)
    await expect(late).rejects.toMatchObject({ code: 'daemon-failed' })
    expect(existsSync(startFile())).toBe(false)
  })

  test('a home that cannot be written is named', async () => {
    const { home } = theHost()
    mkdirSync(dirname(home), { recursive: true })
    writeFileSync(home, 'a file is in the way')
    const shim = theHost().start()
    shim.write('hello?')
    await expect.poll(shim.stdout).toBe('in-process\nhello?')
    expect(shim.stderr()).toMatch(/cannot start the daemon \(.*ENOTDIR.*run'\)\nhint: .*SUBAGENT_MCP_HOME/)
  })

  test('so is a path that is too long for a socket', async () => {
    const shim = theHost().start({ SUBAGENT_MCP_HOME: `${theHost().home}/${'long'.repeat(30)}` })
    shim.write('hello?')
    await expect.poll(shim.stdout).toBe('in-process\nhello?')
    expect(shim.stderr()).toMatch(
      /the socket's path is \d+ bytes long, and linux allows 107: .*\nhint: .*shorter/,
    )
  })

  test('a host that sends nothing gets nothing', async () => {
    const shim = theHost().start({ SUBAGENT_MCP_HOME: `/${'long'.repeat(30)}` })
    shim.end()
    expect(await shim.exit).toBe(0)
    expect([shim.stdout(), shim.stderr()]).toEqual(['', ''])
  })
})

test('a deleted folder is reported, and nothing else', async () => {
  const folder = mkdtempSync(`${dirname(theHost().home)}/gone-`)
  const script = `rmdir '${folder}' && exec '${process.execPath}' '${theHost().package.script}'`
  const child = spawn('/bin/sh', ['-c', script], { cwd: folder, env: environment(), stdio: 'pipe' })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += String(chunk)))
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: 'subagent-mcp: the current folder no longer exists: start it in another folder\n',
  })
})

test('the shim loads next to nothing', () => {
  const chunks = new Map(theHost().package.chunks.map((chunk) => [chunk.fileName, chunk]))
  const shim = chunks.get('shim.cjs')
  expect(shim?.imports.toSorted()).toEqual(['node:fs', 'node:net', 'node:os', 'node:path', 'node:url'])
  expect(shim?.code.length).toBeLessThan(31_200)
  const foreign = [...chunks.values()].flatMap(({ moduleIds }) =>
    moduleIds.filter((id) => !id.includes('/apps/cli/')),
  )
  expect(foreign.toSorted()).toEqual([
    expect.stringContaining('/connect-socket.js'),
    expect.stringContaining('/is-daemon-draining.js'),
    expect.stringContaining('/trusted-path.js'),
    expect.stringContaining('/unix-group-of-one-user.js'),
    expect.stringContaining('/wait-for-draining-daemon.js'),
    expect.stringContaining('/clock.js'),
    expect.stringContaining('/host-call-limit.js'),
    expect.stringContaining('/omit-undefined.js'),
    expect.stringContaining('/subagent-error.js'),
    expect.stringContaining('/daemon-environment.js'),
    expect.stringContaining('/lock-file.js'),
    expect.stringContaining('/make-folder.js'),
    expect.stringContaining('/start-time.js'),
    expect.stringContaining('/project-root.js'),
    expect.stringContaining('/forwarded-names.js'),
    expect.stringContaining('/server-entry.js'),
    expect.stringContaining('/is-set-up.js'),
    expect.stringContaining('/json-rpc-heads.js'),
  ])
})

function environment(): NodeJS.ProcessEnv {
  const { PATH, TMPDIR } = process.env
  return { PATH, TMPDIR, SUBAGENT_MCP_HOME: theHost().home }
}
