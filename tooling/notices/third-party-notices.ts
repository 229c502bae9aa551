import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'rolldown'
import { z } from 'zod'

const Manifest = z.looseObject({
  name: z.string(),
  version: z.string(),
  license: z.string().default('unknown'),
})

/** Written beside the bundles, and published with them. */
export const noticesFile = 'THIRD-PARTY-NOTICES.txt'

/** Lists every package of others whose code is in a bundle, with its license. One instance serves several bundles. */
export function thirdPartyNotices(): Plugin {
  const folders = new Set<string>()
  return {
    name: 'third-party-notices',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        for (const id of file.type === 'chunk' ? file.moduleIds : []) {
          const [folder] = /^.*\/node_modules\/(@[^/]+\/)?[^/]+(?=\/)/.exec(id.replaceAll('\\', '/')) ?? []
          if (folder !== undefined) folders.add(folder.replace(/^\0/, ''))
        }
      }
      const source = [intro, ...noticesOf([...folders].sort())].join(`\n\n${'-'.repeat(80)}\n\n`)
      this.emitFile({ type: 'asset', fileName: noticesFile, source: `${source}\n` })
    },
  }
}

const intro = 'subagent-mcp contains code of these packages, under the licenses that follow each of them.'

/** One notice for all packages that have the same texts. */
function noticesOf(folders: readonly string[]): string[] {
  const names = new Map<string, Set<string>>()
  for (const folder of folders) {
    const texts = licenseTexts(folder)
    names.set(texts, (names.get(texts) ?? new Set()).add(titleOf(folder)))
  }
  return [...names].map(([texts, titles]) => [...titles, '', texts].join('\n'))
}

function titleOf(folder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const { name, version, license } = Manifest.parse(manifest)
  return `${name} ${version} (${license})`
}

function licenseTexts(folder: string): string {
  return readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim())
    .join('\n\n')
}
