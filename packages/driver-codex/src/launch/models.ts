import { reasoningEfforts, type Model } from '@subagent-mcp/contract'
import type { ModelEntry } from '../session/wire.js'

/**
 * Reads the answer to `model/list`. `gpt` is an alias of Codex's default model; the newest model of a line has an alias
 * without its version, such as `gpt-sol` for `gpt-6.1-sol`.
 */
export function readCodexModels(entries: readonly ModelEntry[]): Model[] {
  return entries.map((entry) => ({
    id: entry.id,
    aliases: [...(entry.isDefault ? ['gpt'] : []), ...lineAlias(entry, entries)],
    efforts: reasoningEfforts.filter((effort) =>
      entry.supportedReasoningEfforts.some(({ reasoningEffort }) => reasoningEffort === effort),
    ),
  }))
}

function lineAlias({ id }: ModelEntry, entries: readonly ModelEntry[]): string[] {
  const own = versioned(id)
  if (own === undefined) return []
  const versions = entries.flatMap((other) => {
    const version = versioned(other.id)
    return version?.line === own.line ? [version.numbers] : []
  })
  return versions.every((version) => !isNewer(version, own.numbers)) ? [own.line] : []
}

type Versioned = { line: string; numbers: readonly number[] }

/** `gpt-6.1-sol` is version 6.1 of the line `gpt-sol`; `gpt-5.5` is of none. */
function versioned(id: string): Versioned | undefined {
  const [, maker, version, name] = /^([a-z]+)-(\d+(?:\.\d+)*)-(.+)$/.exec(id) ?? []
  if (maker === undefined || version === undefined || name === undefined) return undefined
  return { line: `${maker}-${name}`, numbers: version.split('.').map(Number) }
}

function isNewer(one: readonly number[], other: readonly number[]): boolean {
  const index = one.findIndex((number, place) => number !== (other[place] ?? 0))
  return index !== -1 && (one[index] ?? 0) > (other[index] ?? 0)
}
