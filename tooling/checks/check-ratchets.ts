import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Finding } from './check.js'
import { measureSources, type Measured } from './measures.js'

/** Each measure by its name: the number that it may have at most, and the one that it shall come down to. */
const Ratchets = z.record(z.string(), z.strictObject({ most: z.number(), target: z.number() }))

const path = 'tooling/checks/ratchets.json'

/** Numbers that may only fall: each is compared with the committed one in ratchets.json. */
export function checkRatchets(root: string): Finding {
  const measured = measureSources(root)
  const findings = Object.entries(readRatchets(root)).map(([name, ratchet]) => {
    const { value, counted } = measured[name] ?? noMeasure(name)
    const fell = value < ratchet.most ? `, was ${ratchet.most}: lower it with --write` : ''
    const problem = `${name}: ${value}, ${path} allows ${ratchet.most}`
    return {
      summary: `${name} ${value} (target ${ratchet.target}${fell})`,
      problems: value > ratchet.most ? [problem, ...counted.map((one) => `  ${one}`)] : [],
    }
  })
  return {
    summary: findings.map(({ summary }) => summary).join('; '),
    problems: findings.flatMap(({ problems }) => problems),
  }
}

/** Writes the numbers of today into ratchets.json where they are lower. */
export function lowerRatchets(root: string): void {
  const measured = measureSources(root)
  const lowered = Object.entries(readRatchets(root)).map(([name, { most, target }]) => {
    return [name, { most: Math.min(most, (measured[name] ?? noMeasure(name)).value), target }]
  })
  writeFileSync(join(root, path), `${JSON.stringify(Object.fromEntries(lowered), undefined, 2)}\n`)
}

function readRatchets(root: string): z.infer<typeof Ratchets> {
  return Ratchets.parse(JSON.parse(readFileSync(join(root, path), 'utf8')))
}

function noMeasure(name: string): Measured {
  throw new Error(`${path} names "${name}", which is no measure`)
}
