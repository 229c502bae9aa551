import { z } from 'zod'
import type { HookTrust } from './hook-trust.js'
import { codexHooksFile } from '../hosts/codex.js'
import { fileChange } from '../hosts/file-change.js'
import { joinPath } from '../hosts/folders.js'
import type { FileChange, HostMachine } from '../hosts/host.js'
import { readValue } from '../read-data.js'

/** The user's file in which Codex records trusted hooks, including those of projects. */
export function codexTrustFile(machine: HostMachine): string {
  return joinPath(machine, codexHooksFile(machine, { scope: 'user', project: '' }), '..', 'config.toml')
}

/**
 * The change that records hooks as trusted. Codex's own `config/batchWrite` is not used, because it drops the byte order
 * mark and turns every CRLF of the user's file into LF (0.169).
 */
export function codexTrustChange(machine: HostMachine, trusts: readonly HookTrust[]): FileChange {
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
  // A mistake in the text is reported when the file is edited.
  const entries = Object.entries(States.safeParse(readValue(text, 'toml', ['hooks', 'state'])).data ?? {})
  return new Map(
    entries.flatMap(([key, { trusted_hash: hash }]) => (hash === undefined ? [] : [[key, hash]])),
  )
}

const States = z.record(z.string(), z.looseObject({ trusted_hash: z.string().optional() }))
