import type { Environment } from '@subagent-mcp/driver-kit'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { withoutComments } from '../guards/project-files.js'

/** Where Gemini CLI keeps a user's files; it need not exist. */
export function geminiFolder(environment: Environment): string {
  const home =
    environment['GEMINI_CLI_HOME'] ?? environment['HOME'] ?? environment['USERPROFILE'] ?? homedir()
  return join(home, '.gemini')
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
/** What we read of a `settings.json`. */
export type GeminiSettings = z.infer<typeof Settings>

/** The settings of a `.gemini` folder: none without a file. Throws for a file that the CLI would refuse too. */
export function readGeminiSettings(folder: string): GeminiSettings {
  const path = join(folder, 'settings.json')
  if (!existsSync(path)) return {}
  try {
    return Settings.parse(JSON.parse(withoutComments(readFileSync(path, 'utf8'))))
  } catch (cause) {
    throw new Error(`cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
}
