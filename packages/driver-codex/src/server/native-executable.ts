import { listFolderAndParents } from '@subagent-mcp/driver-kit'
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/**
 * The binary that npm's `codex` script starts, because that script is a Node process of 45 MB that only waits. Returns the
 * command itself when the binary is not found.
 */
export function findNativeCodex(command: string): string {
  try {
    const launcher = launcherOf(realpathSync(command))
    return (launcher === undefined ? undefined : binaryOf(launcher)) ?? command
  } catch {
    // The package has an unknown layout; its own script knows it.
    return command
  }
}

/** The launcher script: npm links to it; pnpm, and npm on Windows, write a small script that names it. */
function launcherOf(file: string): string | undefined {
  if (launcherPath.test(file)) return file
  if (statSync(file).size > largestScript) return undefined
  const [, named] = namedLauncher.exec(readFileSync(file, 'utf8')) ?? []
  return named === undefined ? undefined : resolve(dirname(file), named.replaceAll('\\', '/'))
}

const launcherPath = /@openai[\\/]codex[\\/]bin[\\/]codex\.js$/
const namedLauncher =
  /(?:\$basedir[\\/]|%~?dp0%?[\\/]|['"=])([^'"=$%\n]*@openai[\\/]codex[\\/]bin[\\/]codex\.js)/
const largestScript = 64 * 1024

function binaryOf(launcher: string): string | undefined {
  const name = process.platform === 'win32' ? 'codex.exe' : 'codex'
  const vendor = vendorFolder(realpathSync(launcher))
  return readdirSync(vendor)
    .map((target) => join(vendor, target, 'bin', name))
    .find((file) => existsSync(file))
}

/** Finds Codex's `vendor` folder: in the package itself, else in the platform's package in a `node_modules` around it. */
function vendorFolder(launcher: string): string {
  const bundled = join(dirname(launcher), '..', 'vendor')
  const platform = join('node_modules', '@openai', `codex-${process.platform}-${process.arch}`, 'vendor')
  const folders = [
    bundled,
    ...listFolderAndParents(dirname(launcher)).map((folder) => join(folder, platform)),
  ]
  return folders.find((folder) => existsSync(folder)) ?? bundled
}
