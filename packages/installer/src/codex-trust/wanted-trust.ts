import {
  codexHooksFile,
  codexHookTrust,
  codexTrustChange,
  codexTrustFile,
  codexTrustsIn,
  type FileChange,
  type Machine,
  type Planned,
  type Wiring,
} from '@subagent-mcp/installer'
import { textOf } from './read-or-refuse.js'

/**
 * The trust that our hooks of Codex need once a plan is carried out. Where they stay as they are, trust that is on
 * record stays too: a Codex that reckons otherwise than we do has put its own there.
 */
export function codexTrust(
  machine: Machine,
  wiring: Wiring,
  planned: readonly Planned[],
): FileChange | undefined {
  const path = codexHooksFile(machine, wiring)
  const written = planned.find((item) => item.type === 'write' && item.path === path)
  const isRefused = planned.some((item) => item.type === 'refused' && item.change.path === path)
  const text = written?.type === 'write' ? written.after : textOf(path)
  if (text === undefined || isRefused) return undefined
  const onRecord = codexTrustsIn(textOf(codexTrustFile(machine)) ?? '')
  const trusts = codexHookTrust(path, JSON.parse(text)).filter(({ key }) => written || !onRecord.has(key))
  return trusts.length > 0 ? codexTrustChange(machine, trusts) : undefined
}
