import { execa } from 'execa'
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { serverScript } from './mcp-host.js'

/** An npm registry on loopback. A real npm installs our packed package and its dependencies from it. */
export type LoopbackRegistry = {
  url: string
  /** Publishes our package again under another version, which becomes the newest one. */
  publish(version: string): Promise<void>
  close(): Promise<void>
}

/** Packs our package and its dependencies, and starts the registry. */
export async function startRegistry(): Promise<LoopbackRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'registry-'))
  const releases = await pack(neededPackages(), folder)
  const server = createServer(({ url: path = '' }, response) => {
    const tarball = releases.find(({ file }) => path === `/${file}`)
    const named = releases.filter(({ manifest }) => manifest.name === decodeURIComponent(path.slice(1)))
    if (tarball) response.end(tarball.bytes)
    else if (named.length > 0) response.end(JSON.stringify(packument(named, url)))
    else response.writeHead(404).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = z.object({ port: z.number() }).parse(server.address())
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    publish: async (version) => {
      releases.push(...(await pack([asVersion(version, folder)], folder)))
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true })
    },
  }
}

type Release = { manifest: Manifest; file: string; bytes: Buffer }

const Manifest = z.looseObject({
  name: z.string(),
  version: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
})
type Manifest = z.infer<typeof Manifest>

const ownPackage = dirname(dirname(serverScript))

/**
 * The folders of our package and of its installed dependencies. Optional ones for other platforms are not installed,
 * and npm skips them.
 */
function neededPackages(): string[] {
  const found = new Set<string>()
  const add = (folder: string): void => {
    if (found.has(folder)) return
    found.add(folder)
    const { dependencies, optionalDependencies } = manifestOf(folder)
    const { resolve } = createRequire(join(folder, 'package.json'))
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const places = resolve.paths(name)?.map((place) => join(place, name)) ?? []
      const installed = places.find(isPackage)
      // The real path, because its own dependencies are beside that.
      if (installed !== undefined) add(realpathSync(installed))
    }
  }
  add(ownPackage)
  return [...found]
}

function isPackage(folder: string): boolean {
  try {
    return readdirSync(folder).includes('package.json')
  } catch {
    return false // the folder does not exist
  }
}

function manifestOf(folder: string): Manifest {
  return Manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
}

/** Copies our package and changes its version, in its bundle as well. */
function asVersion(version: string, into: string): string {
  const copy = join(into, version)
  for (const part of ['package.json', 'README.md', 'bin', 'dist']) {
    cpSync(join(ownPackage, part), join(copy, part), { recursive: true })
  }
  const own = JSON.stringify(manifestOf(copy).version)
  const bundles = readdirSync(join(copy, 'dist')).map((name) => join(copy, 'dist', name))
  for (const file of [join(copy, 'package.json'), ...bundles]) {
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(own, JSON.stringify(version)))
  }
  return copy
}

async function pack(folders: readonly string[], into: string): Promise<Release[]> {
  const env = { HOME: into, PATH: process.env['PATH'] ?? '' }
  const args = ['pack', ...folders, '--ignore-scripts', '--json', '--pack-destination', into]
  const { stdout } = await execa('npm', args, { cwd: into, env, extendEnv: false })
  const packed = z.array(z.object({ filename: z.string() })).parse(JSON.parse(stdout))
  return folders.map((folder, index) => {
    const file = packed[index]?.filename ?? ''
    return { manifest: manifestOf(folder), file, bytes: readFileSync(join(into, file)) }
  })
}

/** The document that npm reads before it downloads a package. */
function packument(releases: readonly Release[], url: string): object {
  const versions = releases.map(({ manifest, file, bytes }) => {
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
    return [manifest.version, { ...manifest, dist: { tarball: `${url}/${file}`, integrity } }] as const
  })
  const [latest] = versions.at(-1) ?? []
  return { name: releases[0]?.manifest.name, 'dist-tags': { latest }, versions: Object.fromEntries(versions) }
}
