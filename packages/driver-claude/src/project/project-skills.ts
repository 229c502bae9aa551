import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sanitizeProjectName, readHarmlessProjectFile } from './harmless-project-file.js'

/** The text about a project's skills for the model; notes name the ones that are left out, and why. */
export type ProjectSkills = { text: string | undefined; notes: readonly string[] }

/** Frontmatter keys of a skill that run nothing when the model reads the file itself; `allowed-tools` then allows nothing. */
const known = [
  'name description when_to_use license compatibility metadata version',
  'allowed-tools argument-hint arguments user-invocable disable-model-invocation model effort paths',
].flatMap((keys) => keys.split(' '))

const mostSkills = 100
const mostWords = 600

/**
 * Lists the skills in `.claude/skills` of the folders; of two with the same name the first counts. The model reads the file
 * of a skill with the tools and permissions for any file. Claude itself does not load skills of a project, because they can
 * have hooks and commands.
 */
export function readProjectSkills(folders: readonly string[]): ProjectSkills {
  const read = folders
    .map((folder) => join(folder, '.claude', 'skills'))
    .flatMap((folder) => skillNames(folder).flatMap((name) => readSkill(name, folder) ?? []))
  const lines = new Map(
    read.flatMap((skill) => ('line' in skill ? [[skill.name, skill.line] as const] : [])).reverse(),
  )
  return {
    text: lines.size === 0 ? undefined : [introduction, ...[...lines.values()].sort()].join('\n'),
    notes: read.flatMap((skill) => ('note' in skill ? [skill.note] : [])),
  }
}

const introduction =
  '# Skills of this project\n\nWhen a task matches one of these, read its file before you begin, and follow it.'

function readSkill(
  name: string,
  folder: string,
): { name: string; line: string } | { note: string } | undefined {
  const path = join(folder, name, 'SKILL.md')
  const file = readHarmlessProjectFile(path, { folder, known })
  if ('reason' in file) return { note: `skill ${sanitizeProjectName(name)} (${file.reason})` }
  // A skill with this key may be started by people only.
  if (file.keys['disable-model-invocation'] === true) return undefined
  const words = [file.keys['description'], file.keys['when_to_use']].filter(
    (text) => typeof text === 'string',
  )
  const description = words.join(' ').replace(/\s+/g, ' ').trim().slice(0, mostWords)
  return { name, line: `- ${name}: ${description} (${path})` }
}

function skillNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^[\w.-]{1,64}$/.test(name))
      .sort()
      .slice(0, mostSkills)
      .filter((name) => existsSync(join(folder, name, 'SKILL.md')))
  } catch {
    // The folder does not exist, or may not be read.
    return []
  }
}
