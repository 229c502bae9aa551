import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Figure } from './figure.js'
import { versions } from './versions.js'

const folder = join(dirname(fileURLToPath(import.meta.url)), '../results')

/** Writes figures into a file of `bench/results`, in the place of all that it had. */
export async function writeFigures(name: string, figures: readonly unknown[]): Promise<void> {
  const date = new Date().toISOString()
  const machine = {
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: process.platform,
  }
  const report = { date, machine, versions: await versions(), figures }
  mkdirSync(folder, { recursive: true })
  writeFileSync(pathOf(name), `${JSON.stringify(report, undefined, 2)}\n`)
}

/** Writes figures into today's file, beside those of other names that were measured today. */
export async function addFigures(figures: readonly Figure[]): Promise<void> {
  const today = new Date().toISOString().slice(0, 10)
  const names = new Set(figures.map(({ name }) => name))
  const others = readFigures(today).filter(({ name }) => !names.has(name))
  await writeFigures(today, [...others, ...figures])
}

function readFigures(name: string): z.infer<typeof Kept>['figures'] {
  const path = pathOf(name)
  return existsSync(path) ? Kept.parse(JSON.parse(readFileSync(path, 'utf8'))).figures : []
}

const Kept = z.looseObject({ figures: z.array(z.looseObject({ name: z.string() })) })

function pathOf(name: string): string {
  return join(folder, `${name}.json`)
}
