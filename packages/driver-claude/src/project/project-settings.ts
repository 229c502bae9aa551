import { parseJson } from '@subagent-mcp/contract'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** What counts of the settings that a project brings: its deny rules, and what the caller should know of the rest. */
export type ProjectSettings = { deny: readonly string[]; notes: readonly string[] }

const Settings = z.looseObject({
  permissions: z.looseObject({ deny: z.array(z.unknown()).optional().catch(undefined) }).optional(),
})

/**
 * Reads the deny rules of the settings in these folders, the first of which is the session's own. Claude Code itself
 * does not read these files here, because they also name programs that it would run and servers that it would talk to.
 */
export function readProjectSettings(folders: readonly string[]): ProjectSettings {
  const [cwd] = folders
  const found = folders.flatMap((folder) =>
    ['settings.json', 'settings.local.json']
      .map((name) => join(folder, '.claude', name))
      .filter((path) => existsSync(path))
      .map((path) => readSettings(path, { folder, isOwn: folder === cwd })),
  )
  return {
    deny: [...new Set(found.flatMap(({ deny }) => deny))],
    notes: found.flatMap(({ notes }) => notes),
  }
}

type Place = { folder: string; isOwn: boolean }

function readSettings(path: string, place: Place): ProjectSettings {
  const settings = Settings.safeParse(parseJson(textOf(path)))
  if (!settings.success) {
    return { deny: [], notes: [`${path} cannot be read as settings, so what it denies is not denied here`] }
  }
  const rules = (settings.data.permissions?.deny ?? []).filter((rule) => typeof rule === 'string')
  const idle = keysOfNote.filter((key) => Object.hasOwn(settings.data, key))
  return {
    deny: rules.map((rule) => rule.trim()).flatMap((rule) => anchored(rule, place) ?? []),
    notes:
      idle.length === 0
        ? []
        : [
            `${path}: ${idle.join(', ')} has no effect on agents; what you want of it, put into your own Claude settings`,
          ],
  }
}

/** The keys that users most likely count on. That hooks, servers and allow rules of a project do nothing is not said each time. */
const keysOfNote = [
  ...['env', 'apiKeyHelper', 'awsAuthRefresh', 'awsCredentialExport', 'gcpAuthRefresh'],
  ...['otelHeadersHelper', 'proxyAuthHelper', 'model', 'outputStyle'],
]

const mostBytes = 1024 * 1024

/** Nothing for what is no file of a size that people write: a pipe would be read for ever. */
function textOf(path: string): string {
  try {
    const stats = statSync(path)
    return stats.isFile() && stats.size <= mostBytes ? readFileSync(path, 'utf8').replace(/^\uFEFF/, '') : ''
  } catch {
    // It went meanwhile, or is not to be read: it cannot be read as settings.
    return ''
  }
}

/**
 * The rule as it must stand in settings of ours to mean the same files. In a project's file `/x` is relative to the
 * project; in a folder around the session's own, `x` is too. `undefined` for what has not the form of a rule.
 */
function anchored(rule: string, { folder, isOwn }: Place): string | undefined {
  const [, tool, pattern] = /^([A-Za-z_*][\w*.-]*)(?:\((.*)\))?$/s.exec(rule) ?? []
  if (tool === undefined) return undefined
  if (pattern === undefined || !fileTools.has(tool) || /^(\/\/|~)/.test(pattern)) return rule
  if (isOwn && !pattern.startsWith('/')) return rule
  return `${tool}(/${folder}/${pattern.replace(/^(\.?\/)+/, '')})`
}

const fileTools = new Set([
  ...['Read', 'Edit', 'Write', 'MultiEdit', 'NotebookEdit', 'NotebookRead', 'Glob', 'Grep', 'LS'],
])
