import { claudePath, codexPath, geminiPath } from '@subagent-mcp/e2e/cli-paths'
import { execa } from 'execa'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { z } from 'zod'

/** The versions that a figure depends on. */
export async function versions(): Promise<Record<string, string>> {
  const claude = await execa(claudePath, ['--version'], {
    env: { PATH: process.env['PATH'] },
    extendEnv: false,
  })
  return {
    node: process.version,
    claude: claude.stdout,
    codex: packageVersion(codexPath, '@openai/codex'),
    gemini: packageVersion(geminiPath, '@google/gemini-cli'),
  }
}

const Manifest = z.looseObject({ version: z.string() })

function packageVersion(from: string, name: string): string {
  const path = createRequire(from).resolve(`${name}/package.json`)
  return Manifest.parse(JSON.parse(readFileSync(path, 'utf8'))).version
}
