import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { paintNothing, type TextPaint } from '../paint.js'
import { initialMarkdownState, renderMarkdown } from './markdown.js'

const paint: TextPaint = (tone, text) => (tone === 'plain' ? text : `<${tone}>${text}</>`)

function render(pieces: readonly string[], style: TextPaint = paint): string {
  let [state, shown] = [initialMarkdownState, '']
  for (const piece of pieces) {
    const [next, text] = renderMarkdown(state, piece, style)
    ;[state, shown] = [next, shown + text]
  }
  return shown
}

describe('a text for a terminal', () => {
  test.each([
    ['a heading', '## What is wrong\nIt throws.\n', '<bold>What is wrong</>\nIt throws.\n'],
    ['a list', '- one\n  * two\n1. three\n', '• one\n  • two\n1. three\n'],
    ['a quote', '> he said\n', '<dim>│</> he said\n'],
    ['bold and code', 'Use **only** `npm test`.\n', 'Use <bold>only</> <cyan>npm test</>.\n'],
    [
      'a block of code',
      '```ts\nconst a = `**b**`\n```\n# after\n',
      '<dim>```ts\n</><cyan>const a = `**b**`</>\n<dim>```\n</><bold>after</>\n',
    ],
    ['marks without an end', 'a ` b\n**c\n', 'a ` b\n**c\n'],
    ['signs that mark nothing', '2 * 3 * 4, a**b, #5\n---\n-x\n', '2 * 3 * 4, a**b, #5\n---\n-x\n'],
    ['a table', '| a | b |\n|---|---|\n', '| a | b |\n|---|---|\n'],
  ])('%s', (_, text, shown) => {
    expect(render([text])).toBe(shown)
  })

  test('text is shown as it comes, and only a span is held back until its end', () => {
    const [first, shown] = renderMarkdown(initialMarkdownState, 'The `cart', paint)
    expect(shown).toBe('The ')
    expect(renderMarkdown(first, '.js` throws', paint)[1]).toBe('<cyan>cart.js</> throws')
  })

  test('a text in pieces looks as it does whole, and keeps every character that is no mark', () => {
    const piece = fc.constantFrom('a', ' ', '\n', '*', '**', '`', '```', '#', '-', '> ', '~', 'word', '1. ')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const text = `${pieces.join('')}\n`
        const withoutTones = (shown: string) => shown.replace(/<\w+>|<\/>/g, '')
        expect(withoutTones(render([...pieces, '\n']))).toBe(withoutTones(render([text])))
        expect(render([text], paintNothing).replace(/[^a-z]/g, '')).toBe(text.replace(/[^a-z]/g, ''))
      }),
    )
  })
})
