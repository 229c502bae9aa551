import { serverScript } from '@subagent-mcp/e2e/mcp-host'
import { execa } from 'execa'
import { quantile, type Figure } from '../figure.js'

const rounds = 9

/** Time and memory of `--help`. Floor: a Node that does nothing. */
export async function helpCost(): Promise<Figure[]> {
  const calls = [
    ['ps', '--help'],
    ['worker', '--help'],
  ].map((words) => ({
    name: words.join(' '),
    args: [serverScript, ...words],
    measured: measurements(),
  }))
  const floor = measurements()
  for (let round = 0; round < rounds; round += 1) {
    await measure(['-e', '0'], floor)
    for (const { args, measured } of calls) await measure(args, measured)
  }
  return calls.flatMap(({ name, measured }) => [
    figure(name, { unit: 'ms', ours: measured.ms, floor: floor.ms, most: 2 }),
    figure(name, { unit: 'MB', ours: measured.megabytes, floor: floor.megabytes, most: 1.25 }),
  ])
}

type Measurements = { ms: number[]; megabytes: number[] }

function measurements(): Measurements {
  return { ms: [], megabytes: [] }
}

/** A module that prints the peak memory of its process in kB at exit. */
const peak =
  "data:text/javascript,process.on('exit',()=>process.stderr.write(`peak ${process.resourceUsage().maxRSS}`))"

/** Measures time and memory in separate runs, because printing the memory takes time. */
async function measure(args: readonly string[], { ms, megabytes }: Measurements): Promise<void> {
  const start = performance.now()
  await execa(process.execPath, args)
  ms.push(performance.now() - start)
  const { stderr } = await execa(process.execPath, ['--import', peak, ...args])
  megabytes.push(Number(/peak (\d+)$/.exec(stderr)?.[1]) / 1000)
}

type Cost = { unit: 'ms' | 'MB'; ours: readonly number[]; floor: readonly number[]; most: number }

function figure(name: string, { unit, ours, floor, most }: Cost): Figure {
  return {
    name,
    unit,
    n: rounds,
    ours: quantile(ours),
    floor: { name: 'node -e 0', value: quantile(floor) },
    limit: { type: 'ratio', most },
  }
}
