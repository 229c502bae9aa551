import { execa } from 'execa'
import { resolve } from 'node:path'
import { readPacked, type PackedPackages } from './pack.js'

/**
 * Publishes the packed packages of a folder. What the registry has already is left out, so a release that failed in between can be
 * repeated. In GitHub Actions npm gets its right to publish by OIDC, and adds the provenance.
 */
export async function publish(folder: string): Promise<void> {
  for (const one of readPacked(folder)) {
    if (await isPublished(one)) {
      console.log(`${one.name} ${one.version} is published already`)
      continue
    }
    const tag = one.version.includes('-') ? ['--tag', 'next'] : []
    const provenance = process.env['ACTIONS_ID_TOKEN_REQUEST_URL'] === undefined ? [] : ['--provenance']
    const file = resolve(folder, one.file)
    await execa('npm', ['publish', file, '--access', 'public', ...tag, ...provenance], { stdio: 'inherit' })
  }
}

async function isPublished({ name, version }: PackedPackages[number]): Promise<boolean> {
  const { exitCode, stdout, stderr } = await execa('npm', ['view', `${name}@${version}`, 'version'], {
    reject: false,
  })
  // Of a package without this version npm prints nothing.
  if (exitCode === 0) return stdout !== ''
  if (stderr.includes('E404')) return false
  throw new Error(`npm cannot tell whether ${name} ${version} is published:\n${stderr}`)
}
