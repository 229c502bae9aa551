import { execa } from 'execa'
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, sep } from 'node:path'
import { json } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { z } from 'zod'
import { serverScript } from './mcp-host.js'

/** An npm registry on the loopback, from which a real npm installs packages of this repository and all that they depend on. */
export type LoopbackRegistry = {
  url: string
  /** Serves the app under another version too, as the latest. */
  publish(version: string): Promise<void>
  /** Takes a tarball as if npm had published it, which takes npm half a second. */
  receive(tarball: string): Promise<void>
  close(): Promise<void>
}

/**
 * Serves the packages in these folders, by default the app, with everything that they depend on, and what `npm publish` sends.
 * With `unpublished` it has no package of this repository until that is published.
 */
export async function startRegistry(
  folders: readonly string[] = [app],
  { unpublished = false } = {},
): Promise<LoopbackRegistry> {
  const temporary = mkdtempSync(join(tmpdir(), 'registry-'))
  const offered = neededPackages(folders).filter((folder) => !unpublished || isInstalled(folder))
  const packages = packageStore(offered, temporary)
  const answer = async (request: IncomingMessage): Promise<object | undefined> => {
    if (request.method === 'PUT') {
      packages.receive(Publication.parse(await json(request)))
      return {}
    }
    const releases = await packages.named(decodeURIComponent((request.url ?? '').slice(1)))
    return releases.length === 0 ? undefined : packument(releases, url)
  }
  const server = createServer((request, response) => {
    const { url: path = '' } = request
    if (path.endsWith('.tgz')) response.end(readFileSync(join(temporary, basename(path))))
    else
      answer(request).then(
        (body) => response.writeHead(body ? 200 : 404).end(JSON.stringify(body ?? {})),
        (error: unknown) => response.writeHead(400).end(String(error)),
      )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = z.object({ port: z.number() }).parse(server.address())
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    publish: (version) => packages.add(asVersion(version, temporary)),
    receive: packages.receiveTarball,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(temporary, { recursive: true })
    },
  }
}

/** Keeps the packages of a registry: those in folders, which are packed when somebody asks, and those that npm has published. */
function packageStore(folders: readonly string[], temporary: string) {
  const found = folders.map((folder) => ({ name: manifestOf(folder).name, folder }))
  const own = folders.filter((folder) => !isInstalled(folder))
  const packed = new Map<string, Promise<Release>>()
  const published: Release[] = []
  let ownPacked: Promise<Map<string, string>> | undefined
  const tarballOf = async (folder: string): Promise<string> => {
    ownPacked ??= own.includes(folder) ? packOwn(own, temporary) : undefined
    return (await ownPacked)?.get(folder) ?? (await packWhole(folder, temporary))
  }
  const release = (folder: string): Promise<Release> => {
    const known = packed.get(folder) ?? tarballOf(folder).then(releaseOf)
    packed.set(folder, known)
    return known
  }
  return {
    named: async (name: string): Promise<Release[]> => {
      const releases = found.filter((one) => one.name === name).map(({ folder }) => release(folder))
      return [...(await Promise.all(releases)), ...published.filter(({ manifest }) => manifest.name === name)]
    },
    add: async (folder: string): Promise<void> => {
      await release(folder)
      found.push({ name: manifestOf(folder).name, folder })
    },
    receive: ({ versions, _attachments }: z.infer<typeof Publication>): void => {
      const [manifest] = Object.values(versions)
      const [[name, { data }] = ['', { data: '' }]] = Object.entries(_attachments)
      if (manifest === undefined) throw new Error('a package without a version')
      const tarball = Buffer.from(data, 'base64')
      const file = basename(name)
      writeFileSync(join(temporary, file), tarball)
      published.push({ manifest, file, integrity: integrityOf(tarball) })
    },
    receiveTarball: async (tarball: string): Promise<void> => {
      cpSync(tarball, join(temporary, basename(tarball)))
      published.push(await releaseOf(tarball))
    },
  }
}

type Release = { manifest: Manifest; file: string; integrity: string }

const Manifest = z.looseObject({
  name: z.string(),
  version: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
})
type Manifest = z.infer<typeof Manifest>

/** The body of the request of `npm publish`: a version of a package, and its tarball. */
const Publication = z.object({
  versions: z.record(z.string(), Manifest),
  _attachments: z.record(z.string(), z.object({ data: z.string() })),
})

const app = dirname(dirname(serverScript))

/** Returns the folders of these packages and of all their dependencies that are installed here. npm skips the others. */
function neededPackages(folders: readonly string[]): string[] {
  const found = new Set<string>()
  const add = (folder: string): void => {
    if (found.has(folder)) return
    found.add(folder)
    const { dependencies, optionalDependencies } = manifestOf(folder)
    const { resolve } = createRequire(join(folder, 'package.json'))
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const places = resolve.paths(name)?.map((place) => join(place, name)) ?? []
      const installed = places.find(isPackage)
      // The real path, because the dependencies of a package lie beside it.
      if (installed !== undefined) add(realpathSync(installed))
    }
  }
  for (const folder of folders) add(folder)
  return [...found]
}

function isPackage(folder: string): boolean {
  try {
    return readdirSync(folder).includes('package.json')
  } catch {
    return false // the folder does not exist
  }
}

/** Whether a package is not one of this repository. */
function isInstalled(folder: string): boolean {
  return folder.split(sep).includes('node_modules')
}

function manifestOf(folder: string): Manifest {
  return Manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
}

/** Copies the built app with another version number, also in its bundle. Returns the copy's folder. */
function asVersion(version: string, into: string): string {
  const copy = join(into, version)
  for (const part of ['package.json', 'README.md', 'bin', 'dist']) {
    cpSync(join(app, part), join(copy, part), { recursive: true })
  }
  // Only packing in the workspace replaces `workspace:*` by versions.
  const { devDependencies: _, ...manifest } = manifestOf(copy)
  writeFileSync(join(copy, 'package.json'), JSON.stringify(manifest))
  const own = JSON.stringify(manifest.version)
  const bundles = readdirSync(join(copy, 'dist')).map((name) => join(copy, 'dist', name))
  for (const file of [join(copy, 'package.json'), ...bundles]) {
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(own, JSON.stringify(version)))
  }
  return copy
}

function integrityOf(tarball: Buffer): string {
  return `sha512-${createHash('sha512').update(tarball).digest('base64')}`
}

async function releaseOf(tarball: string): Promise<Release> {
  const { stdout: manifest } = await execa('tar', ['-xzOf', tarball, 'package/package.json'])
  const integrity = integrityOf(readFileSync(tarball))
  return { manifest: Manifest.parse(JSON.parse(manifest)), file: basename(tarball), integrity }
}

/**
 * Packs packages of this repository as a release does, with one start of pnpm, which replaces `workspace:` and `catalog:` by
 * versions. Any version of pnpm may do it. Returns the tarballs by folder.
 */
async function packOwn(folders: readonly string[], into: string): Promise<Map<string, string>> {
  const filters = folders.map((folder) => `--filter=${manifestOf(folder).name}`)
  const options = ['--pm-on-fail=ignore', '--config.ignore-scripts=true', '--pack-destination', into]
  await execa(pnpm, ['--recursive', ...filters, 'pack', ...options], { cwd: join(app, '../..') })
  return new Map(
    folders.map((folder) => {
      const { name, version } = manifestOf(folder)
      return [folder, join(into, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)]
    }),
  )
}

/** Packs a folder as it is. That of an installed package has the files that were published. */
async function packWhole(folder: string, into: string): Promise<string> {
  const { name, version } = manifestOf(folder)
  const copy = join(into, 'whole', `${name.replace('/', '-')}-${version}`)
  cpSync(folder, join(copy, 'package'), { recursive: true })
  rmSync(join(copy, 'package/node_modules'), { recursive: true, force: true }) // its own dependencies, if any
  const tarball = join(into, `${basename(copy)}.tgz`)
  const tar = await execa('tar', ['-cf', '-', '-C', copy, 'package'], {
    encoding: 'buffer',
    maxBuffer: 2 ** 30,
  })
  // tar itself would compress more than a registry on the loopback needs.
  writeFileSync(tarball, gzipSync(tar.stdout, { level: 1 }))
  return tarball
}

/** The pnpm that `npm test` fetched. */
const pnpm = join(app, '../../.tools/pnpm/node_modules/.bin/pnpm')

/** Returns the document about a package that npm reads before it fetches the package. */
function packument(releases: readonly Release[], url: string): object {
  const versions = releases.map(({ manifest, file, integrity }) => {
    return [manifest.version, { ...manifest, dist: { tarball: `${url}/${file}`, integrity } }] as const
  })
  const [latest] = versions.at(-1) ?? []
  return { name: releases[0]?.manifest.name, 'dist-tags': { latest }, versions: Object.fromEntries(versions) }
}
