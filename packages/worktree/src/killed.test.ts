import { thorough } from '@subagent-mcp/testkit'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openTestRepository, repositoryStateOf, type TestRepository } from './repositories.test.support.js'

/** The rounds of this random test: few in CI, many in a soak. */
const rounds = process.env['SOAK'] === undefined ? 6 : 100

/** The files that each apply replaces. */
const names = Array.from({ length: 30 }, (_, index) => `sub${index % 3}/f${index}.txt`)

/** A script that makes worktrees, writes a number into all files, applies and discards, and prints each step. */
const script = `
  import { openWorktreeStore } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)}
  import { rmSync, writeFileSync } from 'node:fs'
  const [folder, cwd, first] = process.argv.slice(1)
  const store = openWorktreeStore({ folder, environment: process.env })
  for (let number = Number(first); ; number += 1) {
    const id = 'w' + number
    const { root } = await store.create({ id, cwd, environment: process.env })
    for (const name of ${JSON.stringify(names)}) writeFileSync(root + '/' + name, number + '\\n')
    rmSync(root + '/only-' + (number - 1), { force: true })
    writeFileSync(root + '/only-' + number, '')
    console.log('wrote', number)
    await store.apply(id)
    console.log('applied', number)
    await store.discard(id)
    console.log('discarded', number)
  }
`

test(
  'a process that is killed at any moment leaves all of an apply or nothing, and loses no work',
  thorough,
  async () => {
    const contents = Object.fromEntries(names.map((name) => [name, '0\n']))
    const repository = openTestRepository({ ...contents, 'only-0': '' })
    const { root, folder, git, gitIn, store } = repository
    const { status: _, ...before } = repositoryStateOf(root, gitIn)
    let next = 1
    for (let round = 0; round < rounds; round += 1) {
      const [step, number] = await runUntilKilled(repository, next)
      await store.recover()
      const now = numberOf(root)
      const listed = new Map((await store.list()).map(({ id, state }) => [id, state]))
      expect([...listed.values()]).not.toContain('damaged')
      // A process that is killed early has not made the folder.
      const left = existsSync(folder) ? readdirSync(folder) : []
      expect(left.filter((name) => /^\.(?:making|trash)/.test(name))).toEqual([])
      expect(repositoryStateOf(root, gitIn)).toMatchObject(before)
      expect(git('fsck', '--no-dangling', '--no-progress')).toBe('')
      if (step === 'wrote') expect([number, number - 1]).toContain(now)
      else if (number > 0) expect(now).toBe(number)
      // Work that is not in the checkout is in its worktree.
      if (step === 'wrote' && now !== number) expect(listed.get(`w${number}`)).toBe('changed')
      for (const id of listed.keys()) await store.discard(id)
      next = now + 1
    }
  },
)

/** The number that all files have. */
function numberOf(root: string): number {
  const found = new Set(names.map((name) => Number(readFileSync(join(root, name), 'utf8'))))
  const [number = Number.NaN] = found
  expect([...found]).toEqual([number])
  expect(readdirSync(root).toSorted()).toEqual(['.git', `only-${number}`, 'sub0', 'sub1', 'sub2'])
  return number
}

/** Runs the script, kills it at a random moment, and returns the last step that it printed. */
async function runUntilKilled(
  { root, folder, environment }: TestRepository,
  first: number,
): Promise<[string, number]> {
  const args = ['--input-type=module', '--eval', script, folder, root, String(first)]
  const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  const lines: string[] = []
  const [many, later] = [Math.floor(Math.random() * 5), Math.random() * 300]
  const printed = new Promise<void>((resolve) => {
    if (many === 0) resolve()
    createInterface(child.stdout).on('line', (line) => {
      if (lines.push(line) >= many) resolve()
    })
  })
  await Promise.race([printed, closed])
  await pause(later)
  child.kill('SIGKILL')
  // With a code it has ended by itself, for the reason that it printed.
  expect(await closed).toEqual([null, 'SIGKILL'])
  const [step = '', number = '0'] = lines.at(-1)?.split(' ') ?? []
  return [step, Number(number)]
}
