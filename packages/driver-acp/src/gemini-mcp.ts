import { join } from 'node:path'
import { geminiFolder, readGeminiSettings } from './gemini-files.js'
import type { AcpProfile } from './profile.js'

/** The arguments that leave out extensions and all MCP servers but those that are chosen. */
export const geminiMcpArguments: NonNullable<AcpProfile['mcpArguments']> = ({ mcp, cwd, environment }) => {
  if (mcp === 'inherit') return Promise.resolve({ args: [] })
  const places = new Set([geminiFolder(environment), join(cwd, '.gemini')])
  const names = mcp === 'none' ? [] : mcp
  try {
    const known = names.length === 0 ? [] : [...places].flatMap(serversIn)
    const missing = names.filter((name) => !known.includes(name))
    if (missing.length > 0) return Promise.resolve(unknown(missing, known))
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    return Promise.resolve({ failure: { reason: 'bad-request', message } })
  }
  // An empty list lets all of them in.
  const allowed = names.length === 0 ? [nobody] : names
  return Promise.resolve({
    args: ['--extensions=none', ...allowed.map((name) => `--allowed-mcp-server-names=${name}`)],
  })
}

const nobody = '.none'

function serversIn(folder: string): readonly string[] {
  return Object.keys(readGeminiSettings(folder).mcpServers ?? {})
}

function unknown(missing: readonly string[], known: readonly string[]) {
  const hint =
    known.length === 0 ? 'there are none: see `gemini mcp add`' : `there are: ${[...known].sort().join(', ')}`
  return {
    failure: { reason: 'bad-request', message: `no MCP server named ${missing.join(', ')}`, hint },
  } as const
}
