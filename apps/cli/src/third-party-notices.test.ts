import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { expect, onTestFinished, test } from 'vitest'
import { noticesFile, thirdPartyNotices } from '@subagent-mcp/notices'

test('a bundle comes with the licenses of the packages in it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'notices-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const input = join(folder, 'main.js')
  const library = JSON.stringify(fileURLToPath(import.meta.resolve('fast-string-truncated-width')))
  writeFileSync(input, `import width from ${library}\nconsole.log(width('x'))\n`)
  const bundle = await rolldown({ input, platform: 'node', plugins: [thirdPartyNotices()] })
  const { output } = await bundle.generate()
  await bundle.close()
  const notices = output.find(({ fileName }) => fileName === noticesFile)
  const text = notices?.type === 'asset' ? String(notices.source) : ''
  expect(text).toMatch(/^fast-string-truncated-width \d+\.\d+\.\d+ \(MIT\)/m)
  expect(text).toContain('Permission is hereby granted')
})
