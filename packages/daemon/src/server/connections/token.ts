import { SubagentError } from '@subagent-mcp/contract'
import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises'

/**
 * Reads a secret token from a file that only its owner can read. Creates the file if it is missing. @throws SubagentError
 * `config-invalid` for a file that others can read, or whose token is too short
 */
export async function readTokenFile(path: string): Promise<string> {
  if (!existsSync(path)) await makeToken(path)
  const { mode } = await stat(path)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw unsafe(path, 'others can read it')
  const token = (await readFile(path, 'utf8')).trim()
  if (token.length < shortestToken) throw unsafe(path, `a token has ${shortestToken} characters or more`)
  return token
}

/** Whether an HTTP `Authorization` header has the daemon's token. Compares in constant time. */
export function hasBearerToken(authorization: string | undefined, token: string): boolean {
  return timingSafeEqual(digest(parseBearerToken(authorization)), digest(token))
}

/** The bearer token of an `Authorization` header; empty without one. */
export function parseBearerToken(authorization: string | undefined): string {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? ''
}

const shortestToken = 32

/** Creates a missing token file. The file appears with its complete content, because clients read it as soon as it exists. */
async function makeToken(path: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  try {
    await writeFile(draft, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 })
    await link(draft, path)
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    if (!isThere) throw error
  } finally {
    await rm(draft, { force: true })
  }
}

function unsafe(path: string, why: string): SubagentError {
  const hint = 'remove the file: the next start creates a new one'
  return new SubagentError('config-invalid', `the token file ${path} cannot be used: ${why}`, { hint })
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
