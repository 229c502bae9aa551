import { getHomeFolder, type Environment } from '@subagent-mcp/driver-kit'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { removeJsonComments } from '../guards/project-files.js'

/** The folder with a user's Gemini CLI files; it need not exist. */
export function getGeminiFolder(environment: Environment): string {
  return join(environment['GEMINI_CLI_HOME'] ?? getHomeFolder(environment), '.gemini')
}

/** The folders that Gemini keeps of projects, with their sessions; none before its first session. */
export function listGeminiProjectFolders(environment: Environment): readonly string[] {
  const projects = join(getGeminiFolder(environment), 'tmp')
  return listNamesInFolder(projects)
    .map((name) => join(projects, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory())
}

/** The recordings in a project's folder whose names have the first letters of a session's id. */
export function findGeminiRecordings(project: string, sessionId: string): readonly string[] {
  const ending = `-${sessionId.slice(0, 8)}.jsonl`
  const chats = join(project, 'chats')
  return listNamesInFolder(chats).flatMap((name) => (name.endsWith(ending) ? [join(chats, name)] : []))
}

/** The names in a folder; none for a missing folder. */
export function listNamesInFolder(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

const Settings = z.looseObject({
  mcpServers: z.record(z.string(), z.unknown()).optional().catch(undefined),
  hooks: z.record(z.string(), z.unknown()).optional().catch(undefined),
  hooksConfig: z.looseObject({}).optional().catch(undefined),
  advanced: z.looseObject({}).optional().catch(undefined),
  security: z
    .looseObject({
      auth: z
        .looseObject({ selectedType: z.string().optional().catch(undefined) })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
})
/** The keys of Gemini's `settings.json` that the driver reads. */
export type GeminiSettings = z.infer<typeof Settings>

/** The settings in a `.gemini` folder; empty without a file. @throws for a file that Gemini would refuse too */
export function readGeminiSettings(folder: string): GeminiSettings {
  const path = join(folder, 'settings.json')
  if (!existsSync(path)) return {}
  try {
    return Settings.parse(JSON.parse(removeJsonComments(readFileSync(path, 'utf8'))))
  } catch (cause) {
    throw new Error(`cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
}
