import { decide, noRules, placeOnDisk, understandCall } from '@subagent-mcp/permissions'
import { afterAll, expect, test } from 'vitest'
import { dailyLines } from './lines/daily-lines.js'
import { diceOf, makeLine, type Dice } from './lines/make-lines.js'
import { makeArena, runLines, shellsHere, versionOf, type Arena, type Finding } from './lines/run-lines.js'
import { isSoak, printCounts, secondsOfTrying } from './rounds.js'

const arenas = [makeArena('empty'), makeArena('hostile')]
afterAll(() => {
  for (const arena of arenas) arena.remove()
})

function passes(command: string, { cwd, home }: Arena): boolean {
  const place = placeOnDisk(cwd, home)
  const call = understandCall('claude', { tool: 'Bash', input: { command } }, place)
  return decide({ preset: 'read-only', rules: noRules, testCommands: [] }, call, place).verdict === 'allow'
}

test('[daily-lines] at least 95 % of the lines that people use every day pass in read-only', () => {
  for (const arena of arenas) {
    const asked = dailyLines.filter((line) => !passes(line, arena))
    expect(dailyLines.length).toBeGreaterThan(150)
    expect(asked.length / dailyLines.length, asked.join('\n')).toBeLessThan(0.05)
  }
})

const shells = shellsHere()
const missing = ['bash', 'dash', 'zsh'].filter((name) => !shells.some((shell) => shell.name === name))

/** In the soak until so many lines have run, or for as long as is said. */
const enough = isSoak ? Number(process.env['SOAK_LINES'] ?? 200_000) : Infinity
const seconds = isSoak ? Number(process.env['SOAK_SECONDS'] ?? Infinity) : secondsOfTrying
const seed = Number(process.env['LINES_SEED'] ?? Date.now() % 1_000_000)

test(`[lines-read] what passes in read-only runs nothing else and changes nothing in bash, dash and zsh (LINES_SEED=${seed})`, async () => {
  const dice = diceOf(seed)
  const counts = { judged: 0, lines: 0, runs: 0, hung: 0, marks: 0 }
  const findings: Finding[] = []
  const seen = new Set<string>()
  const begun = performance.now()
  let batch = isSoak ? dailyLines : generated(dice, seen)
  for (let round = 0; counts.lines < enough && performance.now() - begun < seconds * 1000; round += 1) {
    const arena = arenas[round % arenas.length]
    if (arena === undefined) throw new Error('no folder to run in')
    const lines = batch.filter((line) => passes(line, arena))
    for (const shell of shells) {
      const ran = await runLines(lines, shell, arena)
      findings.push(...(await named(ran.findings, arena)))
      counts.runs += lines.length
      counts.hung += ran.hung
    }
    counts.lines += lines.length
    counts.judged += batch.length
    batch = generated(dice, seen)
  }
  counts.marks = findings.length
  const missed = missing.length > 0 ? ` (not here: ${missing.join(', ')})` : ''
  const versions = Object.fromEntries(shells.map((shell) => [shell.name, versionOf(shell)]))
  printCounts(`lines that pass in read-only, run in the shells${missed}`, counts, versions)
  expect(findings).toEqual([])
})

function generated(dice: Dice, seen: Set<string>): readonly string[] {
  const size = isSoak ? 3000 : 500
  return Array.from({ length: size }, () => makeLine(dice)).filter((line) => isNew(line, seen))
}

/** Lines that wait for something or go on for ever are not run. */
function isNew(line: string, seen: Set<string>): boolean {
  const waits = /\buntil\b|\bwhile(?! (IFS= )?read -r \w+; do)|sleep|tail.* -\w*[fF]|--follow|\byes\b/.test(
    line,
  )
  if (waits || seen.has(line)) return false
  seen.add(line)
  return true
}

/** Where one of several lines changed a file, each is run alone. */
async function named(findings: readonly Finding[], arena: Arena): Promise<readonly Finding[]> {
  const all: Finding[] = []
  for (const finding of findings) {
    const shell = shells.find(({ name }) => name === finding.shell)
    const lines = finding.line.split('\n---\n')
    if (lines.length === 1 || shell === undefined) all.push(finding)
    else {
      all.push(finding)
      for (const line of lines) all.push(...(await runLines([line], shell, arena)).findings)
    }
  }
  return all
}
