import { thorough } from '@subagent-mcp/testkit'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { untilProcessEnds, useCliRuntime } from '../cli-runtime.test.support.js'
import { openingLines } from './cli-daemon.test.support.js'

const theRuntime = useCliRuntime()
const other = 12_345

describe.skipIf(process.geteuid?.() !== 0)('the socket of another user, whom only root can be', () => {
  let folder: string
  let heard: string[]
  let server: Server

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'other-user-'))
    heard = []
    const run = join(folder, 'run')
    mkdirSync(run)
    for (const path of [folder, run]) chownSync(path, other, other)
    chmodSync(folder, 0o755)
    server = createServer((socket) => {
      heard.push('connected')
      socket.on('data', (bytes) => heard.push(String(bytes))).on('error', () => undefined)
    })
    const socket = join(run, 'daemon-0.0.0.sock')
    server.listen(socket)
    await once(server, 'listening')
    chownSync(socket, other, other)
    chmodSync(socket, 0o777)
  })
  afterEach(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })

  test('gets nothing from a host, a command, a daemon or a hook, and each says why', thorough, async () => {
    const variables = { SUBAGENT_MCP_HOME: folder, API_KEY: 'sk-secret' }
    const says = `${folder} belongs to user ${other}, and not to you`
    for (const words of [
      ['serve'],
      ['serve', '--in-process'],
      ['ps'],
      ['daemon', 'status'],
      ['daemon', 'run'],
    ]) {
      const child = theRuntime().start(words, variables)
      child.stdin.end(openingLines)
      const { code, stdout, stderr } = await untilProcessEnds(child)
      expect([words, code, stdout, stderr.includes(says)], stderr).toEqual([words, 1, '', true])
      expect(stderr).toContain('hint: set SUBAGENT_MCP_HOME')
    }
    const doctor = await theRuntime().run(['doctor'], variables)
    expect(doctor.stdout).toContain(says)
    const hook = theRuntime().start(['hook', 'claude'], variables)
    hook.stdin.end('{"hook_event_name":"UserPromptSubmit","session_id":"s","cwd":"/"}')
    expect(await untilProcessEnds(hook)).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(heard).toEqual([])
  })
})
