import type { Clock } from '@subagent-mcp/contract'
import { createWatchdog } from '@subagent-mcp/driver-kit'
import { checkForLeaks, createManualClock } from '@subagent-mcp/testkit'
import type { UserNotice } from '@subagent-mcp/runtime'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { NotifySettings } from '../settings/notify-settings.js'
import { encodeNoticeAsAsciiJson, findDesktopNoticeCommand } from './desktop.js'
import { createNotifyOptions, createNoticeSenders } from './notice-senders.js'

checkForLeaks()

const notice: UserNotice = {
  event: 'asks',
  title: 'reviewer (app) asks for permission',
  text: 'Bash: cat <a>é && ls',
  agents: [
    { id: 'k3f9', name: 'reviewer', project: 'app', status: 'permission_requested', asks: 'Bash: ls' },
  ],
}

let home = ''
let watchdog = createWatchdog()
let clock = createManualClock()
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'notify-'))
  watchdog = createWatchdog()
  clock = createManualClock()
})
afterEach(async () => {
  await watchdog.close()
  rmSync(home, { recursive: true })
})

/** Sends the notice as settings say. */
async function send(settings: object, end = new AbortController(), timers: Clock = clock): Promise<void> {
  const environment = { PATH: `${home}:${process.env['PATH']}`, HOME: home, USERPROFILE: home }
  const senders = createNoticeSenders(NotifySettings.parse(settings), {
    environment,
    watchdog,
    clock: timers,
  })
  for (const sender of senders) await sender.send(notice, end.signal)
}

/** A clock on which pauses are over immediately, and the limit of the last request when `expire` is called. */
function hastyClock(): { clock: Clock; expire: () => void } {
  let limit = (): void => undefined
  return {
    expire: () => {
      limit()
    },
    clock: {
      now: () => 0,
      after: (milliseconds, callback) => {
        if (milliseconds < 10_000) setImmediate(callback)
        else limit = callback
        return () => undefined
      },
    },
  }
}

/** Writes an executable script of Node, and returns its path. */
function script(name: string, code: string): string {
  const path = join(home, name)
  writeFileSync(path, `#!${process.execPath}\n${code}\n`)
  chmodSync(path, 0o755)
  return path
}

const keepInput = `
  const fs = require('node:fs')
  fs.writeFileSync(process.env.HOME + '/kept', JSON.stringify([process.argv.slice(2), fs.readFileSync(0, 'utf8')]))`

function kept(): unknown {
  const [args, input] = Kept.parse(JSON.parse(readFileSync(join(home, 'kept'), 'utf8')))
  const read: unknown = JSON.parse(input)
  return { args, notice: read }
}

const Kept = z.tuple([z.array(z.string()), z.string()])

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : ''
}

describe('a command', () => {
  test('gets the notice as JSON on stdin', async () => {
    await send({ command: [script('tell', keepInput), '--loud'] })
    expect(kept()).toEqual({ args: ['--loud'], notice })
  })

  test('is found in the home folder, and its failure says why without secrets', async () => {
    script('fail', `console.error('no: ghp_${'a1B2'.repeat(9)}'); process.exitCode = 3`)
    await expect(send({ command: ['~/fail'] })).rejects.toThrow(/^it exited with 3: no: \[masked.*\]$/)
    await expect(send({ command: ['/is/not'] })).rejects.toThrow('it cannot be started (ENOENT)')
  })

  test('is killed, with what it started, when the daemon ends', async () => {
    const loop = `require('node:fs').writeFileSync(process.env.HOME + '/up', ''); setInterval(() => {}, 1e6)`
    const end = new AbortController()
    const sent = send({ command: [script('hang', loop)] }, end)
    await expect.poll(() => existsSync(join(home, 'up'))).toBe(true)
    end.abort()
    await expect(sent).rejects.toThrow('it was ended (SIGKILL)')
  })
})

describe('the desktop', () => {
  test.runIf(process.platform === 'linux')('notify-send shows the texts, without markup', async () => {
    script('notify-send', keepInput)
    await send({ desktop: true })
    const text = 'Bash: cat &lt;a&gt;é &amp;&amp; ls'
    expect(kept()).toEqual({ args: ['--app-name=subagent-mcp', '--', notice.title, text], notice })
  })

  test('texts are no part of a script', () => {
    const environment = { PATH: home }
    const name = process.platform === 'win32' ? 'osascript.exe' : 'osascript'
    script(name, '')
    const { args = [] } = findDesktopNoticeCommand(notice, { platform: 'darwin', environment }) ?? {}
    expect(args.slice(-3)).toEqual(['--', notice.title, notice.text])
    expect(encodeNoticeAsAsciiJson(notice)).toMatch(/^[ -~]+$/)
  })
})

describe('a webhook', () => {
  let server: Server
  let bodies: string[] = []
  let statuses: number[] = []
  beforeEach(async () => {
    bodies = []
    server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += String(chunk)))
      request.on('end', () => {
        bodies.push(`${request.method ?? ''} ${request.headers['content-type'] ?? ''} ${body}`)
        const status = statuses.shift()
        if (status !== undefined) response.writeHead(status, { location: '/other' }).end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const url = (): string => {
    const address = server.address()
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/hooks/secret-token`
  }

  test('gets the notice as JSON', async () => {
    statuses = [204]
    await send({ webhook: url() })
    expect(bodies).toEqual([`POST application/json ${JSON.stringify(notice)}`])
  })

  test.each([
    [[503, 429, 200], 3, undefined],
    [[500, 500, 500], 3, 'it answered 500'],
    [[403], 1, 'it answered 403'],
    [[302], 1, 'it answered 302'],
  ])('%j: is sent %d times', async (answers, times, why) => {
    statuses = [...answers]
    const sent = send({ webhook: url() }, undefined, hastyClock().clock)
    expect(await sent.then(() => undefined, messageOf)).toBe(why)
    expect(bodies).toHaveLength(times)
  })

  test('an address that does not answer is given up, and is not in the error', async () => {
    const { clock: timers, expire } = hastyClock()
    const sent = send({ webhook: url() }, undefined, timers).catch(messageOf)
    for (let asked = 1; asked <= 3; asked += 1) {
      await expect.poll(() => bodies.length).toBe(asked)
      expire()
    }
    const why = await sent
    expect(why).toBe('no answer in 10 s')
  })

  test('an address where nothing listens is not in the error', async () => {
    const sent = send({ webhook: 'http://127.0.0.1:1/secret-token' }, undefined, hastyClock().clock)
    const why = await sent.catch(messageOf)
    expect(why).not.toBe('')
    expect(why).not.toContain('secret')
  })
})

test.each([
  'http://example.com/x',
  'https://me:word@example.com',
  'ftp://example.com',
  'not a url',
  'http://127.0.0.1.example.com',
])('%s is no webhook, and the error does not repeat it', (webhook) => {
  const { error } = NotifySettings.safeParse({ webhook })
  expect(error?.issues[0]?.message).toMatch(/^give https/)
  expect(error?.message).not.toContain(webhook)
})

test('times are given in seconds, and nothing is sent where nothing is set up', () => {
  const parts = { environment: {}, watchdog, clock }
  expect(createNotifyOptions(NotifySettings.parse({}), parts)).toBeUndefined()
  const settings = NotifySettings.parse({ webhook: 'https://example.com', after: { asks: 1 }, on: ['asks'] })
  expect(createNotifyOptions(settings, parts)).toMatchObject({
    on: ['asks'],
    after: { asks: 1_000, ended: 30_000 },
  })
})
