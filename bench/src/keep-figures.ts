import { claudePath, codexPath, geminiPath } from '@subagent-mcp/e2e/cli-paths'
import { execa } from 'execa'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Figure } from './figure.js'

const folder = join(dirname(fileURLToPath(import.meta.url)), '../results')

/** Writes a file of `bench/results` with these figures, the date, the machine and the versions. Replaces an older one. */
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

/** Adds figures to today's file of `bench/results`. A figure that was measured today already is replaced. */
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

/** The versions of Node and of the CLIs that the figures depend on. */
async function versions(): Promise<Record<string, string>> {
  const environment = { env: { PATH: process.env['PATH'] }, extendEnv: false }
  const claude = await execa(claudePath, ['--version'], environment)
  return {
    node: process.version,
    claude: claude.stdout,
    codex: packageVersion(codexPath, '@openai/codex'),
    gemini: packageVersion(geminiPath, '@google/gemini-cli'),
  }
}

const Manifest = z.looseObject({ version: z.string() })

function packageVersion(from: string, name: string): string {
  const path = createRequire(from).resolve(`${name}/package.json`)
  return Manifest.parse(JSON.parse(readFileSync(path, 'utf8'))).version
}
