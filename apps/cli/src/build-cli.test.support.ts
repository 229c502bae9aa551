import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, realpathSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { helpBundle, hookBundle, mainBundle, shimBundle } from '../rolldown.config.js'

/** Builds the whole command from the sources into a new folder, and returns that. */
export async function buildCli(): Promise<string> {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cli-')))
  for (const bundle of [mainBundle, shimBundle, hookBundle, helpBundle]) {
    const built = await rolldown({ ...bundle, cwd })
    await built.write({ ...bundle.output, dir: join(folder, 'dist') })
  }
  for (const part of ['bin', 'package.json']) cpSync(join(cwd, part), join(folder, part), { recursive: true })
  symlinkSync(join(cwd, 'node_modules'), join(folder, 'node_modules'))
  execFileSync(process.execPath, [join(folder, 'dist/write-help.cjs')])
  return folder
}
