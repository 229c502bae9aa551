import { parseJson } from '@subagent-mcp/contract'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** The deny rules in a project's Claude settings, and notes on settings that have no effect. */
export type ProjectSettings = { deny: readonly string[]; notes: readonly string[] }

const Settings = z.looseObject({
  permissions: z.looseObject({ deny: z.array(z.unknown()).optional().catch(undefined) }).optional(),
})

/**
 * Reads the deny rules in the settings of the folders, of which the first is the session's own. Claude itself does not read
 * these files, because they can also name programs and servers.
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

type SettingsFolder = { folder: string; isOwn: boolean }

function readSettings(path: string, place: SettingsFolder): ProjectSettings {
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

/** Project settings that users rely on most, which a note names as ineffective. Hooks, servers and allow rules get no note. */
const keysOfNote = [
  ...['env', 'apiKeyHelper', 'awsAuthRefresh', 'awsCredentialExport', 'gcpAuthRefresh'],
  ...['otelHeadersHelper', 'proxyAuthHelper', 'model', 'outputStyle'],
]

const mostBytes = 1024 * 1024

/** The text of a regular file up to 1 MB; empty for other files, because reading a pipe may not end. */
function textOf(path: string): string {
  try {
    const stats = statSync(path)
    return stats.isFile() && stats.size <= mostBytes ? readFileSync(path, 'utf8').replace(/^\uFEFF/, '') : ''
  } catch {
    // The file was removed meanwhile, or may not be read.
    return ''
  }
}

/**
 * Rewrites a rule of a project for the settings of the session, so that it matches the same files. In a project's file `/x`
 * is relative to the project, and in a parent folder `x` is too. Undefined for a text that is no rule.
 */
function anchored(rule: string, { folder, isOwn }: SettingsFolder): string | undefined {
  const [, tool, pattern] = /^([A-Za-z_*][\w*.-]*)(?:\((.*)\))?$/s.exec(rule) ?? []
  if (tool === undefined) return undefined
  if (pattern === undefined || !fileTools.has(tool) || /^(\/\/|~)/.test(pattern)) return rule
  if (isOwn && !pattern.startsWith('/')) return rule
  return `${tool}(/${folder}/${pattern.replace(/^(\.?\/)+/, '')})`
}

const fileTools = new Set([
  ...['Read', 'Edit', 'Write', 'MultiEdit', 'NotebookEdit', 'NotebookRead', 'Glob', 'Grep', 'LS'],
])
