import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { describe, expect, test } from 'vitest'
import { loopbackOnly } from './loopback-only.js'

const possible = loopbackOnly('true', [])

test('refuses with a reason where there are no namespaces', () => {
  expect(loopbackOnly('true', [], 'darwin')).toEqual({
    type: 'refused',
    reason: 'darwin has no network namespaces',
  })
})

describe.skipIf(possible.type === 'refused')('inside', () => {
  test('loopback works and is all there is', async () => {
    const { output } = await runScript(`
      const server = require('node:http').createServer((_, response) => response.end('hello'))
      server.listen(0, '127.0.0.1', async () => {
        const answer = await fetch('http://127.0.0.1:' + server.address().port)
        console.log(await answer.text(), Object.keys(require('node:os').networkInterfaces()).join())
        process.exit()
      })`)
    expect(output).toBe('hello lo\n')
  })

  test('a server outside is out of reach', async () => {
    const server = createServer((_, response) => response.end('reached'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { output } = await runScript(`
      fetch('http://127.0.0.1:${portOf(server)}').then(
        () => console.log('reached'),
        (error) => console.log(error.cause.code),
      )`)
    server.close()
    expect(output).toBe('ECONNREFUSED\n')
  })

  test('the exit code is the command’s', async () => {
    expect((await runScript('process.exit(7)')).code).toBe(7)
  })

  test('a process that lost its parent is buried when it ends', async () => {
    const { output } = await runScript(`
      const { execSync } = require('node:child_process')
      const orphan = String(execSync('sleep 0.05 >/dev/null & echo $!')).trim()
      const look = () => {
        if (!require('node:fs').existsSync('/proc/' + orphan)) console.log('buried')
        else if (process.uptime() < 5) setTimeout(look, 10)
      }
      look()`)
    expect(output).toBe('buried\n')
  })

  test('nothing outlives the command', async () => {
    const marker = uniqueSeconds()
    const { output } = await run('sh', ['-c', `sleep ${marker} >/dev/null & echo started`])
    expect(output).toBe('started\n')
    expect(commandLines().filter((line) => line.includes(marker))).toEqual([])
  })

  test('nothing outlives a killed wrapper', async () => {
    const marker = uniqueSeconds()
    const child = start('sh', ['-c', `echo started; sleep ${marker}; :`])
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'close') // the pipe closes with the last process that holds it
    expect(commandLines().filter((line) => line.includes(marker))).toEqual([])
  })
})

/** A duration for `sleep` that no other process has on its command line. */
function uniqueSeconds() {
  return `60.${process.pid}${Date.now()}`
}

async function runScript(script: string) {
  return await run(process.execPath, ['-e', script])
}

async function run(command: string, args: readonly string[]) {
  const child = start(command, args)
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise((resolve) => child.on('close', resolve))
  return { code, output }
}

function start(command: string, args: readonly string[]) {
  const wrapped = loopbackOnly(command, args)
  if (wrapped.type === 'refused') throw new Error(wrapped.reason)
  return spawn(wrapped.command, wrapped.args, { stdio: ['ignore', 'pipe', 'inherit'] })
}

function commandLines() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      } catch {
        return '' // ended since the folder was read
      }
    })
}

function portOf(server: ReturnType<typeof createServer>) {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return address.port
}
