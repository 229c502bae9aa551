import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { behaviourVariable, type FakeCodexBehaviour } from './behaviour.js'

/** A `codex` that is on this machine for one test. */
export type FakeCodex = { executable: string; remove(): void }

/** Makes an executable whose `app-server` works without a model, and behaves as told. */
export function installFakeCodex(behaviour: FakeCodexBehaviour): FakeCodex {
  const folder = mkdtempSync(join(tmpdir(), 'fake-codex-'))
  const executable = join(folder, 'codex')
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
