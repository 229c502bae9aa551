import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { describeThisMachine } from '../hosts/this-machine.js'
import { init } from '../init.js'
import { managedBlockText } from './block-body.js'

const block = `<!-- BEGIN:subagent-mcp v1 -->\n${managedBlockText}\n<!-- END:subagent-mcp -->`

test.each([
  { ours: 20_000, above: 11_000, isNoted: false },
  { ours: 20_000, above: 12_000, isNoted: true },
])('$ours bytes, and $above in the folder above: $isNoted', ({ ours, above, isNoted }) => {
  const { project, write, plan } = makeProject()
  const top = write('AGENTS.md', 'x'.repeat(above))
  const own = write('packages/a/AGENTS.md', 'x'.repeat(ours))
  // Files of white space and of folders beside do not count.
  write('packages/AGENTS.md', ' \n')
  write('packages/b/AGENTS.md', 'x'.repeat(40_000))
  const bytes = above + ours + Buffer.byteLength(block) + 2
  const note = `Codex reads 32768 bytes of a project's instructions and cuts the rest, and these are ${bytes}: `
  const root = join(project, 'packages/a')
  for (const step of [() => plan(root).apply(), () => undefined]) {
    expect(plan(root).notes.join().includes(`${note}${top} and ${own}. `)).toBe(isNoted)
    step()
  }
})

test('warns of an AGENTS.override.md, which keeps Codex from reading AGENTS.md', () => {
  const { project, write, plan } = makeProject()
  const overriding = write('AGENTS.override.md', 'x\n')
  const path = join(project, 'AGENTS.md')
  expect(plan(project).notes).toContain(
    `Codex reads ${overriding} in the place of ${path}, and so not the block`,
  )
})

function makeProject() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'codex-limit-')))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  const project = join(folder, 'project')
  mkdirSync(join(project, '.git'), { recursive: true })
  const machine = describeThisMachine({ environment: {}, home: folder })
  const stateFolder = join(folder, 'state')
  return {
    project,
    write: (path: string, text: string) => {
      const file = join(project, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
      return file
    },
    plan: (root: string) => init({ machine, stateFolder, target: { type: 'project', root } }),
  }
}
