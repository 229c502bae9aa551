import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { behaviourVariable, type FakeAcpBehaviour } from './behaviour.js'

/** An ACP agent that is on this machine for one test. */
export type FakeAcp = { executable: string; remove(): void }

/** Makes an executable that speaks ACP without a model, and behaves as told. */
export function installFakeAcp(behaviour: FakeAcpBehaviour): FakeAcp {
  const folder = mkdtempSync(join(tmpdir(), 'fake-acp-'))
  const executable = join(folder, 'gemini')
  const script = fileURLToPath(new URL('main.js', import.meta.url))
  const lines = [
    '#!/bin/sh',
    `export ${behaviourVariable}=${behaviour}`,
    `exec "${process.execPath}" "${script}" "$@"`,
  ]
  writeFileSync(executable, `${lines.join('\n')}\n`)
  chmodSync(executable, 0o755)
  return { executable, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
