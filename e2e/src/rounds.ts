import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { claudePath } from './cli-paths.js'

/** Whether this is `npm run soak`, in which tests may take hours. */
export const isSoak = process.env['SOAK'] !== undefined

/** Returns how often a test repeats itself: `few` times in `npm test`, `many` times in `npm run soak`. */
export function roundCount(few: number, many: number): number {
  return isSoak ? many : few
}

/** Prints the counts of a repeated test. A soak also writes them to bench/results/soak.json, with the versions. */
export function printCounts(
  name: string,
  counts: Record<string, number>,
  programs: Record<string, string> = {},
): void {
  const text = Object.entries(counts).map(([what, count]) => `${count} ${what}`)
  process.stdout.write(`${name}: ${text.join(', ')}\n`)
  if (isSoak) keepCounts(name, counts, programs)
}

const results = fileURLToPath(new URL('../../bench/results/soak.json', import.meta.url))

function keepCounts(name: string, counts: Record<string, number>, programs: Record<string, string>): void {
  const kept = existsSync(results) ? z.looseObject({}).parse(JSON.parse(readFileSync(results, 'utf8'))) : {}
  const environment = { PATH: process.env['PATH'] }
  const claude = execFileSync(claudePath, ['--version'], { encoding: 'utf8', env: environment }).trim()
  const versions = { node: process.version, claude, ...programs }
  const entry = { date: new Date().toISOString(), versions, counts }
  writeFileSync(results, `${JSON.stringify({ ...kept, [name]: entry }, undefined, 2)}\n`)
}
