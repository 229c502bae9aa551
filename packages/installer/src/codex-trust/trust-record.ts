import { parse } from 'smol-toml'
import { z } from 'zod'
import type { HookTrust } from './hook-trust.js'
import { codexHooksFile } from '../hosts/codex.js'
import { fileChange } from '../hosts/file-change.js'
import { join } from '../hosts/folders.js'
import type { FileChange, Machine } from '../hosts/host.js'

/** The user's file in which Codex records trusted hooks, including those of projects. */
export function codexTrustFile(machine: Machine): string {
  return join(machine, codexHooksFile(machine, { scope: 'user', project: '' }), '..', 'config.toml')
}

/**
 * The change that records hooks as trusted. Codex's own `config/batchWrite` is not used, because it drops the byte order
 * mark and turns every CRLF of the user's file into LF (0.169).
 */
export function codexTrustChange(machine: Machine, trusts: readonly HookTrust[]): FileChange {
  return fileChange({
    host: 'codex',
    what: 'our hooks trusted',
    path: codexTrustFile(machine),
    format: 'toml',
    edits: trusts.map(({ key, hash }) => ({
      type: 'set',
      path: ['hooks', 'state', key, 'trusted_hash'],
      value: hash,
    })),
  })
}

/** The recorded hashes by the key of their hook; empty for a text that is no TOML. */
export function codexTrustsIn(text: string): ReadonlyMap<string, string> {
  const entries = Object.entries(Config.safeParse(parseToml(text)).data?.hooks.state ?? {})
  return new Map(
    entries.flatMap(([key, { trusted_hash: hash }]) => (hash === undefined ? [] : [[key, hash]])),
  )
}

const Config = z.looseObject({
  hooks: z.looseObject({
    state: z.record(z.string(), z.looseObject({ trusted_hash: z.string().optional() })),
  }),
})

function parseToml(text: string): unknown {
  try {
    return parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined // The mistake is reported when the file is edited.
  }
}
