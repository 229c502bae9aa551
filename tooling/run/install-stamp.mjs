import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Returns a hash of all inputs of an install: the lockfile, every package.json, the system and the processor type.
 * @param {string} root
 */
export function installStamp(root) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`)
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests(root)]) {
    hash.update(`\n${file}\n`).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

/**
 * Returns the stamp of the last install, or undefined before the first.
 * @param {string} file
 */
export function readInstallStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/**
 * Returns the path of every package.json. Packages are at most two folders deep.
 * @param {string} root
 */
function manifests(root) {
  const folders = subfolders(root).flatMap((folder) => [
    folder,
    ...subfolders(join(root, folder)).map((name) => join(folder, name)),
  ])
  return ['', ...folders]
    .map((folder) => join(folder, 'package.json'))
    .filter((file) => existsSync(join(root, file)))
    .sort()
}

/** @param {string} folder */
function subfolders(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
}
