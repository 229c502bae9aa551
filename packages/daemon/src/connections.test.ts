import { once } from 'node:events'
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startManualDaemon, hasSecret, pollUntil } from './manual-daemon.test.support.js'
import { connectDaemon } from '@subagent-mcp/client'
import { connectShim, greetedShim, hello, helloLine, initializeLine } from './shim.test.support.js'

describe('a connection of a shim', () => {
  test('is answered with the data of its hello, however the bytes are cut', async () => {
    const { socketPath, visits } = await startManualDaemon()
    const start = helloLine + initializeLine
    for (let cut = 1; cut <= helloLine.length + 1; cut += 1) {
      const shim = await connectShim(socketPath)
      shim.socket.setNoDelay(true)
      shim.write(start.slice(0, cut))
      await new Promise(setImmediate)
      shim.write(start.slice(cut))
      expect(await shim.answer()).toMatchObject({ id: 1, result: { serverInfo: { version: '1.2.3' } } })
      shim.socket.destroy()
    }
    const { cwd, environment, pid, host } = hello
    expect(visits.at(-1)?.guest).toEqual({ cwd, environment, pid, host })
    await pollUntil(() => visits.every(({ left }) => left === 1))
  })

  test('with a key gets a welcome before all else, and does not keep the daemon from being replaced', async () => {
    const { socketPath, visits, client } = await startManualDaemon()
    const key = 'k'.repeat(40)
    const shim = await connectShim(socketPath)
    shim.write(`${JSON.stringify({ ...hello, key })}\n`)
    expect(await shim.line()).toBe('{"subagentMcp":1,"version":"1.2.3"}')
    expect(visits.at(-1)?.guest).toMatchObject({ key })
    expect(await client.health()).toMatchObject({ hosts: 1 })
    expect(await client.stop({ unlessUsed: true })).toEqual({ stops: true })
    await greetedShim(socketPath)
    expect(await client.stop({ unlessUsed: true })).toEqual({ stops: false })
  })

  test.each([
    ['ends its side', (socket: Socket) => socket.end()],
    ['is killed', (socket: Socket) => socket.destroy()],
  ])('that %s is disconnected once, and its agent continues', async (_, leave) => {
    const { socketPath, visits, server, client, driver } = await startManualDaemon()
    const shim = await greetedShim(socketPath)
    shim.write(launchLine)
    await shim.answer()
    await driver.sessions.at(-1)?.open()
    leave(shim.socket)
    await pollUntil(() => server.connections() === 0 && visits[0]?.left === 1)
    expect(await client.agents()).toMatchObject([{ status: 'processing', alive: true }])
    expect(visits[0]?.left).toBe(1)
  })

  test('acts on bytes that arrive with the end of the stream', async () => {
    const { socketPath, driver } = await startManualDaemon()
    const shim = await connectShim(socketPath)
    const initialized = '{"jsonrpc":"2.0","method":"notifications/initialized"}\n'
    const large = launchLine.replace('do it', 'x'.repeat(2_000_000))
    shim.socket.end(helloLine + initializeLine + initialized + large)
    await pollUntil(() => driver.sessions.length === 1)
  })

  test('works side by side with HTTP clients and other shims', async () => {
    const { socketPath, server, client } = await startManualDaemon()
    const shims = [await greetedShim(socketPath), await greetedShim(socketPath)]
    for (const shim of shims) {
      shim.write('{"jsonrpc":"2.0","id":2,"method":"tools/list"}\n')
      expect(await client.health()).toMatchObject({ connections: 2, hosts: 2 })
      expect((await shim.answer()).result.tools?.length).toBeGreaterThan(3)
    }
    expect(server.connections()).toBe(2)
  })

  test('with an invalid hello gets no byte, and the log has nothing of the hello', async () => {
    const { socketPath, visits, logged } = await startManualDaemon()
    const wrong = [
      '{"subagentMcp":1,"environment":{"K":"sk-do-not-tell"}}\n',
      '{"K":"sk-do-not-tell"\n',
      `${JSON.stringify({ ...hello, subagentMcp: 2 })}\n`,
      `${JSON.stringify({ ...hello, cwd: '/missing' })}\n`,
      `${JSON.stringify({ ...hello, key: 'short' })}\n`,
    ]
    for (const line of wrong) expect(await answered(socketPath, line)).toBe('')
    expect(visits).toEqual([])
    expect(logged).toHaveLength(wrong.length)
    expect(hasSecret(logged.join())).toBe(false)
  })

  test('with messages that are no MCP is logged in one short line', async () => {
    const { socketPath, logged } = await startManualDaemon()
    const shim = await greetedShim(socketPath)
    shim.write('{"jsonrpc":"2.0","method":{"no":"name"}}\n')
    await pollUntil(() => logged.length === 1)
    expect(logged[0]).toMatch(/^mcp caller-1: .{1,200}$/)
    expect(logged[0]).toContain('method')
  })

  test('whose hello does not arrive or does not end is closed', async () => {
    const { socketPath, clock, logged } = await startManualDaemon()
    const silent = await connectShim(socketPath)
    const half = await connectShim(socketPath)
    half.write('{"subag')
    expect(await answered(socketPath, `{${' '.repeat(9 * 1024 * 1024)}`)).toBe('')
    // The event loop stood still: their words may have come meanwhile.
    clock.advance(60_000)
    await connectDaemon({ socketPath }).health()
    expect([silent.socket.closed, half.socket.closed]).toEqual([false, false])
    for (let step = 0; step < 9; step += 1) clock.advance(1_000)
    await pollUntil(() => silent.socket.closed && half.socket.closed)
    expect(logged).toHaveLength(3)
  })

  test('that closes before a byte, to see whether a daemon listens, is not logged', async () => {
    const { socketPath, server, logged, client } = await startManualDaemon()
    const { socket } = await connectShim(socketPath)
    socket.end()
    await once(socket, 'close')
    await client.health()
    expect([server.connections(), logged]).toEqual([0, []])
  })
})

describe('an HTTP connection', () => {
  test('is served however the bytes are cut, and stays open', async () => {
    const { socketPath } = await startManualDaemon()
    const ask = 'GET /v1/health HTTP/1.1\r\nhost: x\r\n\r\n'
    const socket = connect(socketPath)
    let text = ''
    socket.on('data', (chunk) => (text += String(chunk)))
    for (let cut = 1; cut < ask.length; cut += 1) {
      socket.write(ask.slice(0, cut))
      await new Promise(setImmediate)
      socket.write(ask.slice(cut))
      await pollUntil(() => text.split('HTTP/1.1 200').length === cut + 1)
    }
    const last = connect(socketPath)
    last.end(ask)
    expect(String((await once(last, 'data'))[0])).toContain('HTTP/1.1 200')
    socket.destroy()
  })

  test('that broke counts no more, nor do requests that waited in it', async () => {
    const { socketPath, server } = await startManualDaemon()
    const socket = connect(socketPath)
    socket.write('GET /v1/events HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(20))
    await pollUntil(() => server.connections() === 20)
    socket.destroy()
    await pollUntil(() => server.connections() === 0)
  })

  test('changes the connection count, and listeners are called', async () => {
    const { socketPath, server, client } = await startManualDaemon()
    const counts: number[] = []
    const stop = server.onChange(() => counts.push(server.connections()))
    await client.health()
    await pollUntil(() => counts.length === 2)
    const shim = await greetedShim(socketPath)
    shim.socket.destroy()
    await pollUntil(() => counts.length === 4)
    stop()
    await client.health()
    expect(counts).toEqual([1, 0, 1, 0])
  })
})

describe('the socket of the daemon', () => {
  test('can be reached only by its owner', async () => {
    const { socketPath } = await startManualDaemon()
    const modes = [dirname(socketPath), socketPath].map(async (path) => (await stat(path)).mode & 0o777)
    expect(await Promise.all(modes)).toEqual([0o700, 0o600])
  })

  test('takes away the access of others to its folder', async () => {
    const { folder } = await startManualDaemon()
    const run = join(folder, 'open')
    await mkdir(run)
    await chmod(run, 0o755)
    await startManualDaemon({ socketPath: join(run, 'd.sock') })
    expect((await stat(run)).mode & 0o777).toBe(0o700)
  })

  test('replaces a stale socket, and no other file', async () => {
    const { folder, socketPath } = await startManualDaemon()
    await startManualDaemon({ socketPath })
    expect(await connectDaemon({ socketPath }).health()).toMatchObject({ version: '1.2.3' })
    const file = join(folder, 'file')
    await writeFile(file, 'precious')
    await expect(startManualDaemon({ socketPath: file })).rejects.toThrow('it is no socket')
  })

  test('with too long a path is an error with the limit and a hint', async () => {
    const socketPath = join('/tmp', 'x'.repeat(120))
    const started = startManualDaemon({ socketPath })
    await expect(started).rejects.toMatchObject({
      code: 'io-failed',
      hint: 'set SUBAGENT_MCP_HOME to a shorter path',
    })
    await expect(started).rejects.toThrow('at most 107')
  })

  test('is removed when the server closes, and its connections are closed', async () => {
    const { socketPath, server, client, visits, launched } = await startManualDaemon()
    const { id } = await launched()
    const shim = await greetedShim(socketPath)
    const waiting = client.wait({ agentIds: [id], until: 'any', timeoutSeconds: 60 })
    await pollUntil(() => server.connections() === 2)
    const gone = expect(waiting).rejects.toMatchObject({ code: 'daemon-unreachable' })
    await Promise.all([server.close(), server.close(), once(shim.socket, 'close'), gone])
    expect([server.connections(), visits.at(-1)?.left]).toEqual([0, 1])
    await expect(stat(socketPath)).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(client.health()).rejects.toMatchObject({ code: 'daemon-unreachable' })
  })
})

const launchLine = `${JSON.stringify({
  jsonrpc: '2.0',
  id: 5,
  method: 'tools/call',
  params: {
    name: 'launch_agent',
    arguments: {
      prompt: 'do it',
      task_category: 'coding',
      provider: 'claude',
      model: 'opus',
      effort: 'high',
    },
  },
})}\n`

/** Sends a text to the daemon's socket, and returns all that the daemon sends before it closes the connection. */
async function answered(socketPath: string, text: string): Promise<string> {
  const socket = connect(socketPath)
  let answer = ''
  socket.on('data', (chunk) => (answer += String(chunk)))
  socket.on('error', () => undefined)
  socket.write(text)
  await pollUntil(() => socket.closed)
  return answer
}
