import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { CheckResult } from './check.js'
import { measureSources, type Measurement } from './measure-sources.js'
import { traceLaunch } from './trace-launch.js'

/** A section of ratchets.json: for each measure, the highest value that passes, and the value to reach. */
const Section = z.record(z.string(), z.strictObject({ most: z.number(), target: z.number() }))
const Ratchets = z.strictObject({ sources: Section, launch: Section })

const path = 'tooling/checks/ratchets.json'

type Measures = Readonly<Record<string, Measurement>>

/** Checks that no number measured in the sources is above the committed one in ratchets.json. */
export function checkSourceRatchets(root: string): CheckResult {
  return compare(readRatchets(root).sources, measureSources(root))
}

/** Checks that no number measured on one `launch_agent` call is above the committed one in ratchets.json. */
export async function checkLaunchRatchets(root: string): Promise<CheckResult> {
  return compare(readRatchets(root).launch, await measureLaunch(root))
}

/** Writes the measured numbers into ratchets.json where they are lower than the committed ones. */
export async function lowerRatchets(root: string): Promise<void> {
  const { sources, launch } = readRatchets(root)
  const lowered = {
    sources: lower(sources, measureSources(root)),
    launch: lower(launch, await measureLaunch(root)),
  }
  writeFileSync(join(root, path), `${JSON.stringify(lowered, undefined, 2)}\n`)
}

/** Measures one `launch_agent` call. docs/decisions/2026-11-23-launch-path.md says what is counted, and why. */
async function measureLaunch(root: string): Promise<Measures> {
  const { shim, daemon } = await traceLaunch(root)
  const path = [...shim.path, ...daemon.path]
  const places = milestones.map((file) => path.indexOf(file))
  if (places.some((place, index) => place < 0 || place < (places[index - 1] ?? 0)))
    throw new Error(
      `the traced call does not pass ${milestones.join(', ')} in this order: see trace-launch.ts`,
    )
  const inApp = daemon.run.filter((file) => file.startsWith('apps/cli/'))
  return {
    'files on the path of a launch_agent call': { value: path.length, counted: path },
    'files of apps/cli that the daemon runs for it': { value: inApp.length, counted: inApp },
  }
}

/** Source files that every traced call passes, in this order. A trace without them would be too short to measure. */
const milestones = [
  'apps/cli/src/shim/carry-host-messages.ts',
  'packages/mcp-server/src/tools/launch-agent.ts',
  'packages/core/src/launch/launch-supervised-agent.ts',
  'packages/driver-kit/src/child/child.ts',
]

function compare(ratchets: z.infer<typeof Section>, measures: Measures): CheckResult {
  const findings = Object.entries(ratchets).map(([name, { most, target }]) => {
    const { value, counted } = measureOf(measures, name)
    const fell = value < most ? `, was ${most}: lower it with --write` : ''
    const problem = `${name}: ${value}, but ${path} allows ${most}; bring it down`
    return {
      summary: `${name} ${value} (target ${target}${fell})`,
      problems: value > most ? [problem, ...counted.map((one) => `  ${one}`)] : [],
    }
  })
  return {
    summary: findings.map(({ summary }) => summary).join('; '),
    problems: findings.flatMap(({ problems }) => problems),
  }
}

function lower(ratchets: z.infer<typeof Section>, measures: Measures): z.infer<typeof Section> {
  const lowered = Object.entries(ratchets).map(([name, { most, target }]) => {
    return [name, { most: Math.min(most, measureOf(measures, name).value), target }] as const
  })
  return Section.parse(Object.fromEntries(lowered))
}

function measureOf(measures: Measures, name: string): Measurement {
  const measured = measures[name]
  if (!measured) throw new Error(`${path} names "${name}", which nothing measures; remove it there`)
  return measured
}

function readRatchets(root: string): z.infer<typeof Ratchets> {
  return Ratchets.parse(JSON.parse(readFileSync(join(root, path), 'utf8')))
}
