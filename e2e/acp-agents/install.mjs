// Installs opencode and qwen into .tools/acp-agents, for tests of CI and the soak: downloads the pinned archives from the
// npm registry, checks their hashes, and unpacks them without running their scripts. They are no development
// dependencies because they take 300 MB.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The pinned archives. Both packages have no dependencies. opencode is a native binary for the system of CI. */
const archives = [
  {
    folder: 'opencode',
    name: 'opencode-linux-x64@1.18.33',
    sha512: 'q/t/3p2CTxOT9y2kvjesb/LZab2+1eqlhhWA02Be6mjTtmYtNBcBsrI5yDo4Fw7ZSPBW2oyMIGMNRqiKQjiAWw==',
  },
  {
    folder: 'qwen',
    name: '@qwen-code/qwen-code@0.24.4',
    sha512: 'pmexy/Nj+BKd3Un1ogqGQE8V4GJn5B6N9PQOrU1GH+lMR29kn6Bgf6YdbZa8hNIoTmAKT1LTPK+P8TibZRPPVg==',
  },
]

const root = fileURLToPath(new URL('../../.tools/acp-agents', import.meta.url))
const [stamp, cache] = [join(root, 'installed'), join(root, 'npm-cache')]
const wanted = archives.map(({ name }) => name).join('\n')

if (`${process.platform}-${process.arch}` !== 'linux-x64') {
  console.log(`opencode is pinned for linux-x64 only, not for ${process.platform}-${process.arch}`)
  process.exitCode = 1
} else if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  rmSync(root, { recursive: true, force: true })
  mkdirSync(root, { recursive: true })
  for (const archive of archives) install(archive)
  rmSync(cache, { recursive: true, force: true })
  writeFileSync(stamp, wanted)
}

/** @param {typeof archives[number]} archive */
function install({ folder, name, sha512 }) {
  const file = run('npm', ['pack', name, '--silent', '--pack-destination', root, '--cache', cache]).trim()
  const archive = join(root, file)
  const found = createHash('sha512').update(readFileSync(archive)).digest('base64')
  if (found !== sha512)
    throw new Error(
      `the archive of ${name} has the hash sha512-${found}, which is not the pinned one: nothing was installed from it`,
    )
  const target = join(root, folder)
  mkdirSync(target)
  run('tar', ['-xzf', archive, '-C', target, '--strip-components=1'])
  rmSync(archive)
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', cwd: root })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr}`)
  return stdout
}
