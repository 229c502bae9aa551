import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { spawn } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeRunFolder, useShimHost } from './shim-host.test.support.js'

const theHost = useShimHost()
const welcomeLine = '{"subagentMcp":1,"version":"0.0.0"}\n'

describe('with a daemon', () => {
  let server: Server
  let connections: { socket: Socket; received: string; ended: boolean }[]
  let welcomes: boolean

  beforeEach(async () => {
    connections = []
    welcomes = true
    server = createServer({ allowHalfOpen: true }, (socket) => {
      const connection = { socket, received: '', ended: false }
      connections.push(connection)
      socket.setEncoding('latin1').on('data', (text: string) => (connection.received += text))
      if (welcomes) socket.write(welcomeLine)
      // One whose shim was killed before it had read all is reset, and has no `end`.
      for (const event of ['end', 'error']) socket.on(event, () => (connection.ended = true))
    })
    makeRunFolder(theHost())
    await new Promise<void>((resolve) => server.listen(theHost().socket, resolve))
  })
  afterEach(async () => {
    for (const { socket } of connections) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })

  const connected = () => expect.poll(() => connections[0]?.received).toContain('\n')

  test('says where the host is before all else, and nothing on stdout', async () => {
    const shim = theHost().start({ WITH: 'a\nline' })
    await connected()
    const [connection] = connections
    const variables = { SECRET_KEY: 'secret', WITH: 'a\nline' }
    expect(JSON.parse(connection?.received ?? '')).toMatchObject({
      subagentMcp: 1,
      cwd: process.cwd(),
      environment: variables,
      pid: shim.process.pid,
      version: '0.0.0',
    })
    expect(shim.stdout()).toBe('')
  })

  test('knows nothing of variables that the host forwards empty', async () => {
    theHost().start({ ANTHROPIC_API_KEY: '', OPENAI_API_KEY: 'key', MINE: '' })
    await connected()
    const said: unknown = JSON.parse(connections[0]?.received ?? '')
    expect(said).toMatchObject({ environment: { OPENAI_API_KEY: 'key', MINE: '' } })
    expect(said).not.toHaveProperty('environment.ANTHROPIC_API_KEY')
  })

  test('carries every byte both ways, whoever reads slowly', async () => {
    const bytes = `${randomBytes(4_000_000).toString('latin1')}\n`
    const shim = theHost().start()
    await connected()
    connections[0]?.socket.pause()
    shim.write(bytes)
    connections[0]?.socket.write(bytes, 'latin1')
    await expect.poll(() => shim.stdout().length).toBe(bytes.length)
    connections[0]?.socket.resume()
    await expect.poll(() => connections[0]?.received.length).toBeGreaterThan(bytes.length)
    expect(shim.stdout() === bytes).toBe(true)
    expect(connections[0]?.received.endsWith(`\n${bytes}`)).toBe(true)
  })

  test('hands on the end of the host, then the last words of the daemon', async () => {
    const shim = theHost().start()
    await connected()
    shim.end()
    await expect.poll(() => connections[0]?.ended).toBe(true)
    const words = 'x'.repeat(1_000_000)
    connections[0]?.socket.end(words)
    expect(await shim.exit).toBe(0)
    expect(shim.stdout()).toBe(words)
    expect(shim.stderr()).toBe('')
  })

  test.each(['end', 'destroy'] as const)('that goes (%s) says so, and is connected again', async (how) => {
    const shim = theHost().start()
    await connected()
    connections[0]?.socket.write('word\n')
    await expect.poll(shim.stdout).toBe('word\n')
    connections[0]?.socket[how]()
    await expect.poll(() => connections[1]?.received).toMatch(/^{"subagentMcp".*}\n$/)
    expect(connections[1]?.received).toBe(connections[0]?.received)
    expect(shim.stderr()).toMatch(
      /^subagent-mcp: the daemon has ended .*connecting to the next one when it starts.*\n$/,
    )
    shim.write('hello?\n')
    await expect.poll(() => connections[1]?.received).toMatch(/\nhello\?\n$/)
  })

  test.each(['end', 'destroy'] as const)(
    'that goes (%s) before it takes the connection is tried again',
    async (how) => {
      welcomes = false
      const shim = theHost().start()
      shim.write('hello?\n')
      for (let tries = 1; tries < 3; tries += 1) {
        await expect.poll(() => connections.filter(({ received }) => received !== '').length).toBe(tries)
        connections.at(-1)?.socket[how]()
      }
      welcomes = true
      shim.write('again\n')
      await expect.poll(() => connections.at(-1)?.received).toMatch(/^{"subagentMcp".*}\nhello\?\nagain\n$/)
      expect(connections.filter(({ received }) => received.includes('hello?'))).toHaveLength(1)
      expect(shim.stderr()).toBe('')
    },
  )

  test('that never takes the connection: the host is served all the same', async () => {
    welcomes = false
    const shim = theHost().start({ SUBAGENT_MCP_FAKE: 'fails' })
    shim.write('hello?\n')
    await expect.poll(() => connections[0]?.received).toMatch(/}\n$/)
    server.close()
    connections[0]?.socket.destroy()
    await expect.poll(shim.stdout).toBe('in-process\nhello?\n')
    shim.write('again\n')
    await expect.poll(shim.stdout).toBe('in-process\nhello?\nagain\n')
    shim.end()
    expect(await shim.exit).toBe(0)
  })

  test('ends when nobody reads what it writes', async () => {
    const shim = theHost().start()
    await connected()
    shim.process.stdout.destroy()
    connections[0]?.socket.write('anybody?\n')
    expect(await shim.exit).toBe(0)
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('ends on %s', async (signal) => {
    const shim = theHost().start()
    await connected()
    shim.process.kill(signal)
    expect(await shim.exit).toBe(signal)
    await expect.poll(() => connections[0]?.ended).toBe(true)
  })

  test('takes its input from a file, or from nowhere', async () => {
    const { home, package: shimPackage } = theHost()
    const path = `${home}/input`
    writeFileSync(path, 'from a file')
    for (const [index, input] of [path, '/dev/null'].entries()) {
      const descriptor = openSync(input, 'r')
      const child = spawn(process.execPath, [shimPackage.script], {
        env: { SUBAGENT_MCP_HOME: home },
        stdio: [descriptor, 'ignore', 'inherit'],
      })
      closeSync(descriptor)
      const exit = new Promise((resolve) => child.once('exit', resolve))
      await expect.poll(() => connections[index]?.ended).toBe(true)
      connections[index]?.socket.end()
      expect(await exit).toBe(0)
    }
    expect(connections.map(({ received }) => received.split('\n')[1])).toEqual(['from a file', ''])
  })
})

describe('without a daemon', () => {
  test('a host that says nothing starts none', async () => {
    const shim = theHost().start()
    shim.end()
    expect(await shim.exit).toBe(0)
    expect(existsSync(theHost().home)).toBe(false)
  })

  test('its first byte starts one, and none is lost', async () => {
    const shim = theHost().start()
    shim.write('hello?\n')
    await expect.poll(shim.stdout).toMatch(/^{"subagentMcp".*}\nhello\?\n$/)
    shim.write('again')
    shim.end()
    expect(await shim.exit).toBe(0)
    expect(shim.stdout()).toMatch(/\nhello\?\nagain$/)
    expect(shim.stderr()).toBe('')
  })

  test('the started daemon is detached and gets no keys', async () => {
    const shim = theHost().start({ SUBAGENT_MCP_NONCE: 'n', SUBAGENT_MCP_DEPTH: '1', CLAUDECODE: '1' })
    shim.write('x\n')
    await expect.poll(shim.stdout).toContain('\nx')
    const [start] = theHost().starts()
    expect(start).toMatchObject({ cwd: '/', words: ['daemon', 'run'] })
    expect(start?.variables.toSorted()).toEqual(['PATH', 'SUBAGENT_MCP_HOME', 'TMPDIR'])
    shim.process.kill('SIGKILL')
    await shim.exit
    const next = theHost().start()
    next.write('y\n')
    await expect.poll(next.stdout).toContain('\ny')
    expect(theHost().starts()).toHaveLength(1)
  })

  test('the socket of a dead one is no hindrance', async () => {
    makeRunFolder(theHost())
    const shims = [theHost().start()]
    shims[0]?.write('x\n')
    await expect.poll(() => shims[0]?.stdout()).toContain('\nx')
    const [first] = theHost().starts()
    process.kill(first?.pid ?? 0, 'SIGKILL')
    await expect.poll(() => shims[0]?.stderr()).toContain('the daemon has ended')
    expect(existsSync(theHost().socket)).toBe(true)
    const next = theHost().start()
    next.write('y\n')
    await expect.poll(next.stdout).toContain('\ny')
    expect(theHost().starts()).toHaveLength(2)
  })
})
