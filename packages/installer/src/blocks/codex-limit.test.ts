import { blockBody } from '@subagent-mcp/installer'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeInitFolders } from '../commands/init-folders.test.support.js'

const block = `<!-- BEGIN:subagent-mcp v1 -->\n${blockBody}\n<!-- END:subagent-mcp -->`

test.each([
  { ours: 20_000, above: 11_000, isTold: false },
  { ours: 20_000, above: 12_000, isTold: true },
])(
  'Codex is told to cut $ours bytes and $above in the folder above: $isTold',
  async ({ ours, above, isTold }) => {
    const { init, write } = makeInitFolders()
    const top = write('AGENTS.md', 'x'.repeat(above))
    const own = write('packages/a/AGENTS.md', 'x'.repeat(ours))
    // Not those of folders that are empty or not above.
    write('packages/AGENTS.md', ' \n')
    write('packages/b/AGENTS.md', 'x'.repeat(40_000))
    const bytes = above + ours + Buffer.byteLength(block) + 2
    for (const words of [['--dry-run'], [], []]) {
      const { code, stderr } = await init('--root', 'packages/a', ...words)
      expect(code).toBe(0)
      const note = `Codex reads 32768 bytes of a project's instructions and cuts the rest, and these are ${bytes}: `
      expect(stderr.includes(`${note}${top} and ${own}. `)).toBe(isTold)
    }
  },
)

test('Codex does not read AGENTS.md beside an override, which is told', async () => {
  const { project, init, write } = makeInitFolders()
  const overriding = write('AGENTS.override.md', 'x\n')
  const { stderr } = await init('--root', '.')
  const path = join(project, 'AGENTS.md')
  expect(stderr).toContain(
    `note       Codex reads ${overriding} in the place of ${path}, and so not the block\n`,
  )
})
