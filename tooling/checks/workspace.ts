import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const Versions = z.record(z.string(), z.string()).default({})

const Manifest = z.looseObject({
  name: z.string(),
  private: z.boolean().default(false),
  dependencies: Versions,
  devDependencies: Versions,
  peerDependencies: Versions,
  optionalDependencies: Versions,
})

/** A package of the workspace. `folder` is relative to the root; that of the root's own package is `''`. */
export type WorkspacePackage = { folder: string; manifest: z.infer<typeof Manifest> }

/** Reads every package.json of the checkout, the root's own first. Packages are at most two folders deep. */
export function readWorkspace(root: string): WorkspacePackage[] {
  const top = subfolders(root)
  const second = top.flatMap((folder) => subfolders(join(root, folder)).map((name) => `${folder}/${name}`))
  return ['', ...top, ...second]
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => ({ folder, manifest: readManifest(join(root, folder, 'package.json')) }))
}

function readManifest(path: string) {
  return Manifest.parse(JSON.parse(readFileSync(path, 'utf8')))
}

function subfolders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort()
}
