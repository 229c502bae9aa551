import { serverScript } from '@subagent-mcp/e2e/mcp-host'
import { temporaryHome, type TemporaryHome } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { quantile, type Figure, type RunLength } from '../figure.js'
import { millisecondsOf } from '../timed.js'

const rounds: Record<RunLength, number> = { short: 1, full: 5, soak: 10 }

/** Time of `setup` with a large file of a host, which must not become shorter. Floor: `setup` without that file. */
export async function setupTime(length: RunLength): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const { host, file, text } of largeFiles()) {
    const results = { ours: Array<number>(), floor: Array<number>() }
    for (let round = 0; round < rounds[length]; round += 1) {
      results.floor.push(await setUp(host))
      results.ours.push(await setUp(host, { file, text }))
    }
    const megabytes = (Buffer.byteLength(text) / 1_000_000).toFixed(0)
    figures.push({
      name: `setup with ${file} of ${megabytes} MB`,
      unit: 'ms',
      n: results.ours.length,
      ours: quantile(results.ours),
      floor: { name: 'without it', value: quantile(results.floor) },
      limit: { type: 'amount', most: 2_000 },
    })
  }
  return figures
}

type Large = { file: string; text: string }

/** Files as hosts write them: JSON in one line with many projects, and TOML with many tables. */
function largeFiles(): readonly (Large & { host: string })[] {
  const history = 'what was asked here '.repeat(50)
  const projects = Object.fromEntries(
    Array.from({ length: 9_500 }, (_, at) => [`/code/project-${at}`, { history: [history] }] as const),
  )
  const tables = Array.from(
    { length: 100_000 },
    (_, at) => `[projects."/code/project-${at}"]\ntrust_level = "trusted" # once asked\n\n`,
  )
  return [
    {
      host: 'claude',
      file: '.claude.json',
      text: JSON.stringify({ projects }),
    },
    { host: 'codex', file: '.codex/config.toml', text: tables.join('') },
  ]
}

/** Runs `setup` and returns its milliseconds. Throws when the large file became shorter or stayed the same. */
async function setUp(host: string, large?: Large): Promise<number> {
  const home = temporaryHome({ modelUrl: 'http://127.0.0.1:9' })
  const path = large && join(home.home, large.file)
  if (path !== undefined) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, large?.text ?? '')
  }
  const time = await millisecondsOf(() => execa(process.execPath, setupArgs(host), options(home)))
  const after = path === undefined ? '' : readFileSync(path, 'utf8')
  home.remove()
  if (large !== undefined && (after === large.text || after.length < large.text.length))
    throw new Error(`setup did not add itself to ${large.file}`)
  return time
}

function setupArgs(host: string): readonly string[] {
  return [serverScript, 'setup', '--host', host, '--no-trust', '--yes']
}

function options({ cwd, environment }: TemporaryHome) {
  return { cwd, env: environment, extendEnv: false }
}
