import type { PermissionPreset } from '@subagent-mcp/contract'
import { z } from 'zod'

/** Claude's words for what an agent may do, and our own. */
const presets: Readonly<Record<string, PermissionPreset>> = {
  default: 'ask',
  acceptEdits: 'accept-edits',
  dontAsk: 'read-only',
  bypassPermissions: 'full-auto',
  ask: 'ask',
  'accept-edits': 'accept-edits',
  'read-only': 'read-only',
  'full-auto': 'full-auto',
}

const instead: Readonly<Record<string, string>> = {
  plan: 'plan makes the model plan first: to forbid changes, take dontAsk, which refuses what it would ask for',
  auto: 'auto leaves it to a model what is allowed: take default, which asks, or dontAsk, which refuses',
}

/** A `permissionMode` as the preset that it stands for. */
export const PermissionMode = z.string().transform((word, context) => {
  const preset = Object.hasOwn(presets, word) ? presets[word] : undefined
  if (preset !== undefined) return preset
  const message = (Object.hasOwn(instead, word) ? instead[word] : undefined) ?? `there is no mode '${word}'`
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})
