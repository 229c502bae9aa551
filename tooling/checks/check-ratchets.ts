import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Finding } from './check.js'
import { measureLaunch } from './measure-launch.js'
import { measureSources, type Measured } from './measure-sources.js'

/** By the name of each measure: the number that it may have at most, and the one that it shall come down to. */
const Section = z.record(z.string(), z.strictObject({ most: z.number(), target: z.number() }))
const Ratchets = z.strictObject({ sources: Section, launch: Section })

const path = 'tooling/checks/ratchets.json'

type Measures = Readonly<Record<string, Measured>>

/** Numbers of the sources that may only fall: each is compared with the committed one in ratchets.json. */
export function checkSourceRatchets(root: string): Finding {
  return compare(readRatchets(root).sources, measureSources(root))
}

/** Numbers of one `launch_agent` call that may only fall. */
export async function checkLaunchRatchets(root: string): Promise<Finding> {
  return compare(readRatchets(root).launch, await measureLaunch(root))
}

/** Writes the numbers of today into ratchets.json where they are lower. */
export async function lowerRatchets(root: string): Promise<void> {
  const { sources, launch } = readRatchets(root)
  const lowered = {
    sources: lower(sources, measureSources(root)),
    launch: lower(launch, await measureLaunch(root)),
  }
  writeFileSync(join(root, path), `${JSON.stringify(lowered, undefined, 2)}\n`)
}

function compare(ratchets: z.infer<typeof Section>, measures: Measures): Finding {
  const findings = Object.entries(ratchets).map(([name, { most, target }]) => {
    const { value, counted } = measureOf(measures, name)
    const fell = value < most ? `, was ${most}: lower it with --write` : ''
    const problem = `${name}: ${value}, ${path} allows ${most}`
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

function measureOf(measures: Measures, name: string): Measured {
  const measured = measures[name]
  if (!measured) throw new Error(`${path} names "${name}", which nothing measures`)
  return measured
}

function readRatchets(root: string): z.infer<typeof Ratchets> {
  return Ratchets.parse(JSON.parse(readFileSync(join(root, path), 'utf8')))
}
