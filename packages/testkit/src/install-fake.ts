import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { heardVariable, readHeard } from './received-file.js'

/** A CLI that is on this machine for one test. */
export type Fake = {
  executable: string
  /** What its processes were told on stdin so far, line by line, parsed. */
  heard(): unknown[]
  remove(): void
}

/** Makes an executable of this name that runs a script of ours, which finds its behaviour in a variable. */
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
    `export ${variable}=${behaviour} ${heardVariable}="${heard}"`,
    `exec "${process.execPath}" "${fileURLToPath(script)}" "$@"`,
  ]
  writeFileSync(executable, `${lines.join('\n')}\n`)
  chmodSync(executable, 0o755)
  return {
    executable,
    heard: () => readHeard(heard),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
