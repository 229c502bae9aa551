import { readFileSync } from 'node:fs'
import type { AgentDefinition } from '@subagent-mcp/definitions'

/** What a session is told once: the prompt, and what the files say. */
export function primePrompt({ prompt, files }: NonNullable<AgentDefinition['prime']>): string {
  const texts = files.map((file) => `<file path="${file}">\n${readFileSync(file, 'utf8').trimEnd()}\n</file>`)
  return [prompt, ...texts].join('\n\n')
}
