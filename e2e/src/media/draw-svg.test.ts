import xterm from '@xterm/headless'
import { expect, test } from 'vitest'
import { drawSvg } from './draw-svg.js'
import { readScreen, type ScreenRow } from './read-screen.js'

test('a screen is drawn with its colours, and each text where it stands', async () => {
  const rows = await screenAfter(
    '\u001b[1;31mred\u001b[0m  \u001b[7m<on white>\u001b[0m\r\n\u001b[38;2;1;2;3mexact',
  )
  const svg = drawSvg({ title: 'a & b', columns: 20, frames: [{ rows, shownFor: 1000 }] })
  expect(svg).toContain('<title>a &amp; b</title>')
  expect(svg).toContain('<text x="0.0" y="13" textLength="25.2" class="b" fill="#f87171">red</text>')
  expect(svg).toContain('<rect x="42.0" width="84.0" height="18" fill="#d4d4d8"/>')
  expect(svg).toContain('fill="#18181b">&lt;on white&gt;</text>')
  expect(svg).toContain('fill="#010203">exact</text>')
})

test('rows that several screens show are stored once, and each screen has its part of the time', async () => {
  const [first, second] = [await screenAfter('same\r\none'), await screenAfter('same\r\ntwo')]
  const svg = drawSvg({
    title: 'two screens',
    columns: 10,
    frames: [
      { rows: first, shownFor: 1000 },
      { rows: second, shownFor: 3000 },
    ],
  })
  expect(svg.match(/>same</g)).toHaveLength(1)
  expect(svg).toContain('animation:play 4.00s step-end infinite')
  expect(svg).toContain(
    '@keyframes play{0.000%{transform:translateX(0px)}25.000%{transform:translateX(-84px)}}',
  )
})

async function screenAfter(output: string): Promise<ScreenRow[]> {
  const terminal = new xterm.Terminal({ cols: 20, rows: 3, allowProposedApi: true })
  await new Promise<void>((resolve) => {
    terminal.write(output, resolve)
  })
  return readScreen(terminal)
}
