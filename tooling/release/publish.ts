import { execa } from 'execa'
import { resolve } from 'node:path'
import { z } from 'zod'
import { readPacked, type PackedPackages } from './packed.js'

/**
 * Publishes the packed packages of a folder. What the registry has already is left out, so a release that failed in between can be
 * repeated. In GitHub Actions npm gets its right to publish by OIDC, and adds the provenance.
 */
export async function publish(folder: string): Promise<void> {
  const { stdout: registry } = await execa('npm', ['config', 'get', 'registry'])
  for (const one of readPacked(folder)) {
    if (await isPublished(one, registry)) {
      console.log(`${one.name} ${one.version} is published already`)
      continue
    }
    const tag = one.version.includes('-') ? ['--tag', 'next'] : []
    const provenance = process.env['ACTIONS_ID_TOKEN_REQUEST_URL'] === undefined ? [] : ['--provenance']
    const file = resolve(folder, one.file)
    await execa('npm', ['publish', file, '--access', 'public', ...tag, ...provenance], { stdio: 'inherit' })
  }
}

/** Asks the registry itself, because a start of npm for each package takes half a second. */
async function isPublished({ name, version }: PackedPackages[number], registry: string): Promise<boolean> {
  const address = `${registry.replace(/\/$/, '')}/${name.replace('/', '%2f')}`
  const response = await fetch(address, { headers: { accept: 'application/vnd.npm.install-v1+json' } })
  if (response.status === 404) return false
  if (!response.ok) throw new Error(`${address} answers ${response.status}: is ${version} published?`)
  return version in Published.parse(await response.json()).versions
}

const Published = z.object({ versions: z.record(z.string(), z.unknown()) })
