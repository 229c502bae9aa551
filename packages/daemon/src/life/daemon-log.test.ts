import { checkForLeaks } from '@subagent-mcp/testkit'
import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openFileLog } from './daemon-log.js'

const built = fileURLToPath(new URL('../../dist/life/daemon-log.js', import.meta.url))

checkForLeaks()
let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'))
  path = join(folder, 'daemon.log')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** Runs code that has a `log` in a process whose stderr is the log file, as with a daemon in the background. */
async function runInBackground(code: string): Promise<void> {
  const descriptor = openSync(path, 'a')
  await runWith(code, descriptor)
  closeSync(descriptor)
}

async function runWith(code: string, stderr: number | 'ignore'): Promise<void> {
  const script = `import { openDaemonLog } from ${JSON.stringify(built)}
    const log = openDaemonLog(${JSON.stringify(path)}, 1000)
    ${code}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', stderr],
  })
  await new Promise((resolve) => child.once('exit', resolve))
}

test('a log line begins with its time', async () => {
  await runInBackground(`log('hello')`)
  expect(readFileSync(path, 'utf8')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z hello\n$/)
})

test('a secret in a line is masked', async () => {
  const token = ['gh', 'p_', 'aB3dE5gH7'.repeat(4)].join('')
  await runInBackground(`log('claude said: ' + ${JSON.stringify(token)})`)
  expect(readFileSync(path, 'utf8')).toMatch(/claude said: \[masked: GitHub token\]\n$/)
})

test('the log rotates with three older files, and no line is lost between them', async () => {
  await runInBackground(`for (let line = 0; line < 100; line += 1) log('line ' + line + ' '.repeat(50))`)
  const files = ['.3', '.2', '.1', ''].map((age) => `${path}${age}`)
  for (const file of files) expect(statSync(file).size).toBeLessThan(1100)
  expect(existsSync(`${path}.4`)).toBe(false)
  const kept = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/line (\d+)/g)].map(([, line]) => Number(line)),
  )
  expect(kept.at(-1)).toBe(99)
  expect(kept).toEqual(kept.map((_, index) => 100 - kept.length + index))
})

test('a crash report is in the log, also after the log was emptied', async () => {
  await runInBackground(`for (let line = 0; line < 20; line += 1) log(' '.repeat(100))
    throw new Error('what a day')`)
  expect(readFileSync(path, 'utf8')).toContain('Error: what a day')
})

test('a closed stderr, or one that is another file, does not end the daemon', async () => {
  await runWith(`log('hello'); process.on('exit', () => log('bye'))`, 'ignore')
  expect(existsSync(path)).toBe(false)
})

test('a service writes to the file itself, because its stderr is the system’s; the file stays small', () => {
  const inside = join(folder, 'home', 'daemon.log')
  const log = openFileLog(inside, 60)
  for (const line of ['one', 'two', 'three', 'four']) log(line)
  const [newest, older] = [inside, `${inside}.1`].map((file) => readFileSync(file, 'utf8'))
  expect([newest, older].map((text) => text?.match(/^\S+Z (\w+)$/gm)?.length)).toEqual([1, 3])
  expect(newest).toMatch(/Z four\n$/)
  expect(statSync(inside).mode & 0o777).toBe(0o600)
})
