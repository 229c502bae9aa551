import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const built = JSON.stringify(new URL('../../dist/life/watch-event-loop.js', import.meta.url).href)

/** Runs a script in a process whose event loop is watched. Resolves with how the process ended, and with its log. */
async function runWatched(script: string, limitMs: number) {
  const folder = mkdtempSync(join(tmpdir(), 'watch-loop-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  const logPath = join(folder, 'daemon.log')
  const limits = JSON.stringify({ limitMs, logPath })
  // `stop` blocks the event loop without taking a processor from other tests.
  const code = `import { watchEventLoop } from ${built}
    const stop = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
    const { logPath } = ${limits}
    const end = watchEventLoop(${limits})
    ${script}`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: 'ignore' })
  await once(child, 'close')
  const { exitCode, signalCode, pid } = child
  return { exitCode, signalCode, pid, log: existsSync(logPath) ? readFileSync(logPath, 'utf8') : '' }
}

test('a process whose event loop stands still is killed, and the log says why', async () => {
  const ended = await runWatched('for (;;);', 600)
  expect(ended).toMatchObject({ signalCode: 'SIGKILL' })
  expect(ended.log).toMatch(
    new RegExp(
      `^\\S+Z daemon ${ended.pid} is killed unless it goes on: its event loop has stood still for 0.6 s\\n$`,
    ),
  )
})

test('one that goes on while the line is written is left alone', async () => {
  const busy = `
    import { existsSync, readFileSync } from 'node:fs'
    while (!existsSync(logPath)) stop(20)
    const until = setInterval(() => {
      if (!readFileSync(logPath, 'utf8').trim().endsWith(' goes on')) return
      clearInterval(until)
      end()
    }, 20)`
  const ended = await runWatched(busy, 3_600)
  expect(ended).toMatchObject({ exitCode: 0 })
  expect(ended.log).toMatch(/ has stood still for 3.6 s\n\S+Z daemon \d+ goes on\n$/)
})

test('one that a debugger may stop is left alone', async () => {
  const stopped = `
    import inspector from 'node:inspector'
    // The thread watches by then.
    setTimeout(() => inspector.open(0), 700)
    setTimeout(() => {
      stop(1_500)
      inspector.close()
      end()
    }, 1_000)`
  expect(await runWatched(stopped, 600)).toMatchObject({ exitCode: 0, log: '' })
})

test('one that is busy, but goes on, is left alone', async () => {
  const busy = `
    const until = Date.now() + 6_000
    const step = () => {
      stop(1_000)
      if (Date.now() < until) setTimeout(step, 20)
      else end()
    }
    step()`
  expect(await runWatched(busy, 4_000)).toMatchObject({ exitCode: 0, log: '' })
})
