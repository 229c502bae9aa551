import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeThisMachine } from '../hosts/this-machine.js'
import { askCodexForTrust } from './ask-codex.js'

let home = ''
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'subagent-trust-'))
})
afterAll(() => {
  rmSync(home, { recursive: true })
})

test.each([
  { what: 'ends', script: '#!/bin/sh\nexit 3\n', why: 'codex ended unasked (code 3)' },
  { what: 'cannot be started', script: '#!/no/such/interpreter\n', why: 'codex could not be started' },
  {
    what: 'knows no such question',
    script:
      '#!/bin/sh\nread line\necho \'{"id":1,"error":{"code":-32601,"message":"no such method"}}\'\ncat\n',
    why: 'no such method',
  },
])('says why a codex that $what cannot be asked', async ({ script, why }) => {
  const file = join(home, 'codex')
  writeFileSync(file, script)
  chmodSync(file, 0o755)
  const environment = { PATH: process.env['PATH'], SUBAGENT_MCP_CODEX_PATH: file }
  const machine = describeThisMachine({ environment, home, cwd: home })
  expect(await askCodexForTrust(machine, wiring)).toEqual({ type: 'unknown', why })
})

const wiring = {
  server: { command: 'subagent-mcp', args: [] },
  scope: 'user',
  project: '',
  hooks: true,
  suppressNative: false,
  forward: [],
} as const
