import { parseJson } from '@subagent-mcp/contract'
import type { Environment } from '@subagent-mcp/driver-kit'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { listGeminiProjectFolders, findGeminiRecordings } from './gemini-files.js'
import { removeRepeatedToolResults } from './gemini-tool-results.js'

/** Prepares the recording of an earlier session for `session/load`. Never throws. */
export function prepareGeminiSessionForLoad(
  sessionId: string,
  environment: Environment,
  now: Date = new Date(),
): void {
  removeEmptyGeminiRecordings(sessionId, environment)
  try {
    for (const file of recordingsOf(sessionId, environment)) mendRecording(keepRecording(file, now))
  } catch {
    // Gemini reports a recording that it cannot read.
  }
}

/**
 * Removes the empty recording that `session/load` (0.61.0) creates beside the one that it continues. Otherwise the next
 * start of Gemini would delete it, and all recordings of that session with it. Never throws.
 */
export function removeEmptyGeminiRecordings(sessionId: string, environment: Environment): void {
  try {
    const files = recordingsOf(sessionId, environment)
    const stubs = files.filter(isStub)
    if (stubs.length < files.length) stubs.forEach((stub) => rmSync(stub))
  } catch {
    // A CLI that starts at the same time may delete them itself.
  }
}

function recordingsOf(sessionId: string, environment: Environment): readonly string[] {
  return listGeminiProjectFolders(environment).flatMap((project) => findGeminiRecordings(project, sessionId))
}

const Message = z.looseObject({ id: z.string() })

/** Whether a recording has no messages, only a heading and the context. */
function isStub(file: string): boolean {
  const lines = readFileSync(file, 'utf8').split('\n')
  return !lines.some((line) => Message.safeParse(parseJson(line)).success)
}

/**
 * Renames a recording whose name has the current minute to the minute before, because `session/load` first creates a new
 * file that is named after the minute and the session's id, and would overwrite it. Returns its path.
 */
function keepRecording(file: string, now: Date): string {
  const [own, before] = [now, new Date(now.getTime() - 60_000)].map(minuteOf)
  const kept = join(dirname(file), basename(file).replace(`-${own}-`, `-${before}-`))
  if (kept === file || existsSync(kept)) return file
  renameSync(file, kept)
  return kept
}

function minuteOf(time: Date): string {
  return time.toISOString().slice(0, 16).replaceAll(':', '-')
}

function mendRecording(file: string): void {
  const text = readFileSync(file, 'utf8')
  const mended = removeRepeatedToolResults(text)
  if (mended === text) return
  writeFileSync(`${file}.mended`, mended, { mode: 0o600 })
  renameSync(`${file}.mended`, file)
}
