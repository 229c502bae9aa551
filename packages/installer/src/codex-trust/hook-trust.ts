import { createHash } from 'node:crypto'
import { z } from 'zod'
import { isOurItem } from '../edit/our-items.js'
import { createHookMark } from '../hosts/hook-command.js'
import { codexHooksFilePath } from '../hosts/codex.js'
import { fileChange } from '../hosts/file-change.js'
import { joinPath } from '../hosts/folders.js'
import type { FileChange, HostMachine } from '../hosts/host.js'
import { readValueInFile } from '../read-data.js'

/** The record that Codex needs before it runs a hook: `[hooks.state."<key>"] trusted_hash = "<hash>"`. */
export type CodexHookTrust = { key: string; hash: string }

/**
 * The trust that our hooks in a `hooks.json` of Codex need. The key has the position of a hook, so a hook that moved must be
 * trusted again; the hash has its content. Data that Codex could not read as hooks needs none.
 */
export function createCodexHookTrust(path: string, data: unknown): CodexHookTrust[] {
  const ours = readCodexHooks(path, data).filter((hook) => hook.isOurs)
  return ours.map(({ key, hash }) => ({ key, hash }))
}

/** The hooks of a `hooks.json`, in their order. */
export function readCodexHooks(path: string, data: unknown): (CodexHookTrust & { isOurs: boolean })[] {
  const file = HooksFile.safeParse(data)
  const groups = Object.entries(file.data?.hooks ?? {}).flatMap(([event, ofEvent]) =>
    ofEvent.map((group, index) => ({ event, index, ...group })),
  )
  return groups.flatMap(({ event, index, matcher, hooks }) =>
    hooks.map((handler, position) => ({
      key: [path, snake(event), index, position].join(':'),
      hash: codexHookHash(event, matcher, handler),
      isOurs: isOurItem(handler.command, createHookMark('codex')),
    })),
  )
}

const Handler = z.looseObject({
  type: z.string(),
  command: z.string().optional(),
  timeout: z.number().optional(),
  async: z.boolean().optional(),
  statusMessage: z.string().optional(),
})
type Handler = z.infer<typeof Handler>

const Group = z.looseObject({ matcher: z.string().optional(), hooks: z.array(Handler) })
const HooksFile = z.looseObject({ hooks: z.record(z.string(), z.array(Group)) })

const unmatched = new Set(['UserPromptSubmit', 'Stop', 'Interrupt'])

/** The time limit of a hook without one, in seconds. */
const defaultTimeout = 600

/** The hash as Codex 0.169 computes it: over the handler with its defaults, keys sorted and without spaces. */
function codexHookHash(event: string, matcher: string | undefined, handler: Handler): string {
  const { type, command, timeout = defaultTimeout, async = false, statusMessage } = handler
  const identity = {
    event_name: snake(event),
    hooks: [{ async, command, statusMessage, timeout, type }],
    ...(!unmatched.has(event) && { matcher }),
  }
  return `sha256:${createHash('sha256').update(JSON.stringify(identity)).digest('hex')}`
}

/** Turns `PreToolUse` into `pre_tool_use`. */
function snake(event: string): string {
  return event.replace(/\B[A-Z]/g, (letter) => `_${letter}`).toLowerCase()
}

/** The user's file in which Codex records trusted hooks, including those of projects. */
export function getCodexTrustFilePath(machine: HostMachine): string {
  return joinPath(machine, codexHooksFilePath(machine, { scope: 'user', project: '' }), '..', 'config.toml')
}

/**
 * The change that records hooks as trusted. Codex's own `config/batchWrite` is not used, because it drops the byte order
 * mark and turns every CRLF of the user's file into LF (0.169).
 */
export function createCodexTrustChange(machine: HostMachine, trusts: readonly CodexHookTrust[]): FileChange {
  return fileChange({
    host: 'codex',
    what: 'our hooks trusted',
    path: getCodexTrustFilePath(machine),
    format: 'toml',
    edits: trusts.map(({ key, hash }) => ({
      type: 'set',
      path: ['hooks', 'state', key, 'trusted_hash'],
      value: hash,
    })),
  })
}

/** The recorded hashes by the key of their hook; empty for a text that is no TOML. */
export function readTrustRecords(text: string): ReadonlyMap<string, string> {
  // A mistake in the text is reported when the file is edited.
  const entries = Object.entries(
    States.safeParse(readValueInFile(text, 'toml', ['hooks', 'state'])).data ?? {},
  )
  return new Map(
    entries.flatMap(([key, { trusted_hash: hash }]) => (hash === undefined ? [] : [[key, hash]])),
  )
}

const States = z.record(z.string(), z.looseObject({ trusted_hash: z.string().optional() }))
