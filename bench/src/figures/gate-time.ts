import { createRuntime } from '@subagent-mcp/runtime'
import { createManualDriver, temporaryHome, type TemporaryHome } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { quantile, type Figure, type RunLength } from '../figure.js'
import { millisecondsOf } from '../timed.js'

/** The files of the repository, and the milliseconds of the command that checks the work. */
const [files, commandMs] = [1_000, 500]

/**
 * Time from the end of a turn to its grade, where one command checks the work in a worktree. Floor: the command by hand, once on the
 * work and once on the base, as a grade needs both.
 */
export async function gateTime(length: RunLength): Promise<Figure[]> {
  const rounds = length === 'short' ? 3 : 11
  const home = temporaryHome({ modelUrl: 'http://127.0.0.1:9' })
  await makeRepository(home)
  const stage = openStage(home)
  const times = { ours: Array<number>(), floor: Array<number>() }
  for (let round = 0; round < rounds; round += 1) {
    times.floor.push(await millisecondsOf(() => checkByHand(home)))
    times.ours.push(await stage.grade())
  }
  await stage.close()
  home.remove()
  return [
    {
      ...{ name: 'grade a result by one command of half a second', unit: 'ms', n: rounds },
      ours: quantile(times.ours),
      floor: { name: 'the command by hand, on work and base', value: quantile(times.floor) },
      limit: { type: 'ratio', most: 3 },
      note: `ours compares ${files} files before and after each command, and makes the tree of the base`,
    },
  ]
}

const command = 'node check.mjs'

async function checkByHand({ cwd, environment }: TemporaryHome): Promise<void> {
  for (const _ of ['work', 'base']) await execa('sh', ['-c', command], { cwd, env: environment })
}

async function makeRepository({ cwd, environment }: TemporaryHome): Promise<void> {
  const git = (...args: readonly string[]) => execa('git', args, { cwd, env: environment, extendEnv: false })
  mkdirSync(join(cwd, 'src'))
  for (let file = 0; file < files; file += 1)
    writeFileSync(join(cwd, 'src', `f${file}.txt`), `line of ${file}\n`)
  writeFileSync(join(cwd, 'check.mjs'), `setTimeout(() => {}, ${commandMs})\n`)
  await git('init', '--quiet')
  await git('add', '--all')
  await git('-c', 'user.name=me', '-c', 'user.email=me@localhost', 'commit', '--quiet', '--message', 'files')
}

/** A runtime in the repository. `grade` returns the milliseconds from the end of a turn that changed a file to its grade. */
function openStage({ home, cwd, environment }: TemporaryHome): {
  grade(): Promise<number>
  close(): Promise<void>
} {
  const driver = createManualDriver()
  const { supervisor, connect, close } = createRuntime({
    drivers: [driver],
    ceiling: { preset: 'full-auto', rules: { allow: [], ask: [], deny: [] } },
    worktrees: { folder: join(home, 'worktrees'), environment },
  })
  const { port } = connect({ cwd, environment })
  const grade = async (): Promise<number> => {
    const { agent } = await port.agents.launch({
      ...{ prompt: 'x', provider: 'claude', permissions: 'full-auto', isolation: 'worktree' },
      accept: { run: [command] },
    })
    const session = driver.sessions.at(-1)
    await session?.open()
    while (session?.sent.length === 0) await new Promise(setImmediate)
    writeFileSync(join(agent.profile.cwd, 'src', 'f1.txt'), 'changed\n')
    const graded = new Promise<void>((resolve) => {
      supervisor.subscribe((fact) => {
        if (fact.type === 'turn-checked' && fact.agentId === agent.profile.id) resolve()
      })
    })
    return await millisecondsOf(() => {
      session?.finish()
      return graded
    })
  }
  return { grade, close }
}
