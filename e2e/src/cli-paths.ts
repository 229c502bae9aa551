import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The real CLIs of this workspace, development dependencies. */
export const [claudePath, codexPath, geminiPath] = [cliPath('claude'), cliPath('codex'), cliPath('gemini')]

function cliPath(name: string): string {
  return join(dirname(fileURLToPath(import.meta.url)), '../node_modules/.bin', name)
}
