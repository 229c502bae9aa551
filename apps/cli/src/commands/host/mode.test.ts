import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { useCliRuntime } from '../../cli-runtime.test.support.js'

const theRuntime = useCliRuntime()

test('many turn it on and off at once, and nothing is lost', async () => {
  const { run, home } = theRuntime()
  const folders = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => join(home, name))
  for (const folder of folders) mkdirSync(folder)
  const all = (word: string) => Promise.all(folders.map((folder) => run(['mode', word, '--project', folder])))
  for (const { code, stderr } of await all('on')) expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const { stdout } = await run(['mode', '--all', '--json'])
  const listed = z.array(z.object({ project: z.string() })).parse(JSON.parse(stdout))
  expect(listed.map(({ project }) => project).sort()).toEqual(folders)
  await all('off')
  expect(await run(['mode', '--all'])).toEqual({
    code: 0,
    stdout: '',
    stderr: 'orchestration mode is on in no project\n',
  })
})
