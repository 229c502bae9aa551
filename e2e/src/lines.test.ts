import {
  decideToolCall,
  noPermissionRules,
  createDiskToolCallContext,
  parseToolCall,
} from '@subagent-mcp/permissions'
import { afterAll, expect, test } from 'vitest'
import { dailyCommandLines } from './lines/daily-lines.js'
import { seededRandom, randomCommandLine, type RandomNumbers } from './lines/make-lines.js'
import {
  makeScratchFolder,
  runCommandLines,
  installedShells,
  shellVersion,
  type ScratchFolder,
  type LineFinding,
} from './lines/run-lines.js'
import { isSoak, printCounts } from './rounds.js'

const folders = [makeScratchFolder('empty'), makeScratchFolder('hostile')]
afterAll(() => {
  for (const folder of folders) folder.remove()
})

function passes(command: string, { cwd, home }: ScratchFolder): boolean {
  const place = createDiskToolCallContext(cwd, home)
  const call = parseToolCall('claude', { tool: 'Bash', input: { command } }, place)
  return (
    decideToolCall({ preset: 'read-only', rules: noPermissionRules, testCommands: [] }, call, place)
      .verdict === 'allow'
  )
}

test('[daily-lines] at least 95 % of the lines that people use every day pass in read-only', () => {
  for (const folder of folders) {
    const asked = dailyCommandLines.filter((line) => !passes(line, folder))
    expect(dailyCommandLines.length).toBeGreaterThan(150)
    expect(asked.length / dailyCommandLines.length, asked.join('\n')).toBeLessThan(0.05)
  }
})

const shells = installedShells()
const missing = ['bash', 'dash', 'zsh'].filter((name) => !shells.some((shell) => shell.name === name))

/** The soak ends after this number of lines, or after the seconds below; a short run after three seconds. */
const enough = isSoak ? Number(process.env['SOAK_LINES'] ?? 200_000) : Infinity
const seconds = isSoak ? Number(process.env['SOAK_SECONDS'] ?? Infinity) : 3
const seed = Number(process.env['LINES_SEED'] ?? Date.now() % 1_000_000)

test(`[lines-read] a line that passes in read-only runs only programs that read and changes nothing, in bash, dash and zsh (LINES_SEED=${seed})`, async () => {
  const random = seededRandom(seed)
  const counts = { judged: 0, lines: 0, runs: 0, hung: 0, marks: 0 }
  const findings: LineFinding[] = []
  const seen = new Set<string>()
  const begun = performance.now()
  let batch = isSoak ? dailyCommandLines : generated(random, seen)
  for (let round = 0; counts.lines < enough && performance.now() - begun < seconds * 1000; round += 1) {
    const folder = folders[round % folders.length]
    if (folder === undefined) throw new Error('no folder to run in')
    const lines = batch.filter((line) => passes(line, folder))
    for (const shell of shells) {
      const ran = await runCommandLines(lines, shell, folder)
      findings.push(...(await singleLineFindings(ran.findings, folder)))
      counts.runs += lines.length
      counts.hung += ran.hung
    }
    counts.lines += lines.length
    counts.judged += batch.length
    batch = generated(random, seen)
  }
  counts.marks = findings.length
  const missed = missing.length > 0 ? ` (not here: ${missing.join(', ')})` : ''
  const versions = Object.fromEntries(shells.map((shell) => [shell.name, shellVersion(shell)]))
  printCounts(`lines that pass in read-only, run in the shells${missed}`, counts, versions)
  expect(findings).toEqual([])
})

function generated(random: RandomNumbers, seen: Set<string>): readonly string[] {
  const size = isSoak ? 3000 : 500
  return Array.from({ length: size }, () => randomCommandLine(random)).filter((line) => isNew(line, seen))
}

/** Whether to run a line: it has not run yet, and it does not wait or loop. */
function isNew(line: string, seen: Set<string>): boolean {
  const waits = /\buntil\b|\bwhile(?! (IFS= )?read -r \w+; do)|sleep|tail.* -\w*[fF]|--follow|\byes\b/.test(
    line,
  )
  if (waits || seen.has(line)) return false
  seen.add(line)
  return true
}

/** Repeats lines alone when one of several changed a file, to find out which one. */
async function singleLineFindings(
  findings: readonly LineFinding[],
  folder: ScratchFolder,
): Promise<readonly LineFinding[]> {
  const all: LineFinding[] = []
  for (const finding of findings) {
    const shell = shells.find(({ name }) => name === finding.shell)
    const lines = finding.line.split('\n---\n')
    if (lines.length === 1 || shell === undefined) all.push(finding)
    else {
      all.push(finding)
      for (const line of lines) all.push(...(await runCommandLines([line], shell, folder)).findings)
    }
  }
  return all
}
