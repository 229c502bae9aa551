import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openGate, receivedVariable, readReceived } from './received-file.js'

/** A fake CLI that is installed for one test. */
export type Fake = {
  executable: string
  /** Returns the lines that the fake's processes received on stdin so far, parsed. */
  heard(): unknown[]
  /** Opens `[[gate: name]]` in prompts of a fake Claude, now or later. */
  release(gate: string): void
  remove(): void
}

/** Creates an executable that runs a fake's script. The script reads its behaviour from an environment variable. */
export function installFake(options: {
  name: string
  script: URL
  variable: string
  behaviour: string
}): Fake {
  const { name, script, variable, behaviour } = options
  const folder = mkdtempSync(join(tmpdir(), `fake-${name}-`))
  const [executable, heard] = [join(folder, name), join(folder, 'heard')]
  const lines = [
    '#!/bin/sh',
    `export ${variable}=${behaviour} ${receivedVariable}="${heard}"`,
    `exec "${process.execPath}" "${fileURLToPath(script)}" "$@"`,
  ]
  writeFileSync(executable, `${lines.join('\n')}\n`)
  chmodSync(executable, 0o755)
  return {
    executable,
    heard: () => readReceived(heard),
    release: (gate) => {
      openGate(heard, gate)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
