import { RegistryEntry, temporaryHome, thorough } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { mcpbPath } from './cli-paths.js'
import { startRegistry } from './loopback-registry.js'
import { isSoak } from './rounds.js'

/** The checkout that is copied, and released in the copy. */
const checkout = fileURLToPath(new URL('../..', import.meta.url))

test(
  '[release] the steps of release.yml make versions, checked tarballs, installable packages and a bundle',
  thorough,
  async () => {
    const registry = await startRegistry(publicFolders(checkout), { unpublished: true })
    onTestFinished(() => registry.close())
    const home = temporaryHome({ modelUrl: registry.url })
    onTestFinished(() => home.remove())
    const copy = join(home.home, 'checkout')
    copyCheckout(copy)
    const { host } = new URL(registry.url)
    const access = `registry=${registry.url}\n//${host}/:_authToken=dummy\n`
    writeFileSync(join(home.home, '.npmrc'), `${access}ignore-scripts=true\n`)
    const run = async (command: string, ...args: string[]): Promise<string> => {
      const { stdout } = await execa(command, args, { cwd: copy, env: home.environment, extendEnv: false })
      return stdout
    }
    const step = (name: string): Promise<string> => run('node', 'tooling/release/dist/main.js', name)
    // The changelogs name the commits of the changesets.
    await run('git', 'init', '--quiet')
    await run('git', 'add', '.changeset')
    const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com']
    await run('git', ...author, 'commit', '--quiet', '-m', 'changesets')

    expect(changesets(copy).length).toBeGreaterThan(0)
    await step('version')
    expect(changesets(copy)).toEqual([])
    const { version, mcpName } = manifestIn(copy, 'apps/cli/package.json')
    expect(version).not.toBe(manifestIn(checkout, 'apps/cli/package.json').version)
    const versions = publicFolders(copy).map((folder) => manifestIn(folder, 'package.json').version)
    expect(new Set(versions)).toEqual(new Set([version]))
    const entry = RegistryEntry.parse(JSON.parse(readFileSync(join(copy, 'server.json'), 'utf8')))
    expect([entry.name, entry.version, entry.packages[0]?.version]).toEqual([mcpName, version, version])
    expect(await step('notes')).toMatch(/^### M(aj|in)or Changes\n/)

    // The build of the command but for the types, which the build of the checkout has checked: only the version differs.
    const inApp = { cwd: join(copy, 'apps/cli'), env: home.environment, extendEnv: false }
    await execa('node', ['node_modules/rolldown/bin/cli.mjs', '--config'], inApp)
    await execa('node', ['dist/write-help.cjs'], inApp)
    await step('pack')
    const made = (): string[] => readdirSync(join(copy, '.tools/release'))
    const tarballs = made().filter((name) => name.endsWith(`-${version}.tgz`))
    expect(tarballs).toHaveLength(versions.length)

    // What a release that was cut off has published is left out. npm takes half a second for each of the others.
    const earlier = packedFiles(copy).slice(0, isSoak ? 0 : -3)
    for (const file of earlier) await registry.receive(file)
    expect(published(await step('publish'))).toHaveLength(earlier.length)
    expect(published(await step('publish'))).toHaveLength(versions.length)
    const user = join(home.home, 'user')
    mkdirSync(user)
    await run('npm', 'install', '--prefix', user, 'subagent-mcp', '@subagent-mcp/worker')
    expect(await run(join(user, 'node_modules/.bin/subagent-mcp'), '--version')).toBe(version)

    await step('bundle')
    const bundle = `subagent-mcp-${version}-${process.platform}-${process.arch}.mcpb`
    expect(made()).toContain(bundle)
    const unpacked = join(home.home, 'unpacked')
    await run(mcpbPath, 'unpack', join(copy, '.tools/release', bundle), unpacked)
    expect(manifestIn(unpacked, 'manifest.json').version).toBe(version)
    expect(manifestIn(unpacked, 'node_modules/subagent-mcp/package.json').version).toBe(version)
  },
)

/** Copies the built checkout. The installed packages and the tools are links. */
function copyCheckout(to: string): void {
  const skipped = ['.git', '.tools', '.turbo', 'node_modules']
  mkdirSync(join(to, '.tools/tmp'), { recursive: true })
  for (const name of readdirSync(checkout).filter((entry) => !skipped.includes(entry)))
    cpSync(join(checkout, name), join(to, name), { recursive: true, verbatimSymlinks: true })
  symlinkSync(join(checkout, '.tools/pnpm'), join(to, '.tools/pnpm'))
  mkdirSync(join(to, 'node_modules'))
  for (const name of readdirSync(join(checkout, 'node_modules')))
    symlinkSync(join(checkout, 'node_modules', name), join(to, 'node_modules', name))
}

function changesets(root: string): string[] {
  return readdirSync(join(root, '.changeset')).filter((name) => name.endsWith('.md'))
}

/** The tarballs that were packed, in the order in which they are published. */
function packedFiles(root: string): string[] {
  const folder = join(root, '.tools/release')
  const list = z.array(z.object({ file: z.string() }))
  const packed = list.parse(JSON.parse(readFileSync(join(folder, 'packages.json'), 'utf8')))
  return packed.map(({ file }) => join(folder, file))
}

/** Returns the sentences of the step about packages that it leaves out, because the registry has them. */
function published(output: string): readonly string[] {
  return output.match(/is published already/g) ?? []
}

function publicFolders(root: string): string[] {
  const folders = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(root, parent, name)),
  )
  return folders.filter((folder) => manifestIn(folder, 'package.json').private !== true)
}

const Manifest = z.object({
  version: z.string(),
  private: z.boolean().optional(),
  mcpName: z.string().optional(),
})

function manifestIn(folder: string, file: string) {
  return Manifest.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')))
}
