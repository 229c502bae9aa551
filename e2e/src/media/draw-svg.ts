import { plainColors, type ScreenRow, type TextRun } from './read-screen.js'

/** A screen, and for how many milliseconds it is shown. */
export type Frame = { rows: readonly ScreenRow[]; shownFor: number }

/** A picture to draw. `title` is the text for readers who do not see the picture. */
type Picture = { title: string; columns: number; frames: readonly Frame[] }

const [cellWidth, lineHeight, margin, titleBar] = [8.4, 18, 16, 28]

/**
 * Draws frames as an SVG that plays them in a loop; with one frame, as a picture that stands still. Without motion
 * (`prefers-reduced-motion`) it shows the last frame. Rows that are equal in several frames are stored once.
 */
export function drawSvg({ title, columns, frames }: Picture): string {
  const height = Math.max(...frames.map(({ rows }) => usedRows(rows)))
  const [width, drop] = [Math.ceil(columns * cellWidth), height * lineHeight]
  const rowIds = new Map<string, string>()
  const idOf = (row: ScreenRow): string => {
    const drawn = drawRow(row)
    const id = rowIds.get(drawn) ?? `r${rowIds.size}`
    rowIds.set(drawn, id)
    return id
  }
  const strip = frames.map(({ rows }, index) => {
    const lines = rows
      .slice(0, height)
      .map((row, line) => (row.length > 0 ? `<use href="#${idOf(row)}" y="${line * lineHeight}"/>` : ''))
    return `<g transform="translate(${index * width})">${lines.join('')}</g>`
  })
  const [fullWidth, fullHeight] = [width + 2 * margin, drop + 2 * margin + titleBar]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${fullWidth} ${fullHeight}" width="${fullWidth}" height="${fullHeight}" role="img">
<title>${escapeXml(title)}</title>
<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}.b{font-weight:700}.i{font-style:italic}.u{text-decoration:underline}${playStyle(frames, width)}</style>
<rect width="${fullWidth}" height="${fullHeight}" rx="8" fill="${plainColors.ground}"/>
${['#f87171', '#facc15', '#4ade80'].map((color, dot) => `<circle cx="${margin + dot * 20}" cy="18" r="5" fill="${color}"/>`).join('')}
<defs>
${[...rowIds].map(([drawn, id]) => `<g id="${id}">${drawn}</g>`).join('\n')}
</defs>
<svg x="${margin}" y="${margin + titleBar}" width="${width}" height="${drop}"><g class="play">
${strip.join('\n')}
</g></svg>
</svg>
`
}

/** The animation that moves the strip of frames by one frame at a time. */
function playStyle(frames: readonly Frame[], width: number): string {
  const total = frames.reduce((sum, { shownFor }) => sum + shownFor, 0)
  let before = 0
  const steps = frames.map(({ shownFor }, index) => {
    const step = `${((before / total) * 100).toFixed(3)}%{transform:translateX(${-index * width}px)}`
    before += shownFor
    return step
  })
  const last = -(frames.length - 1) * width
  return `.play{animation:play ${(total / 1000).toFixed(2)}s step-end infinite}@keyframes play{${steps.join('')}}@media(prefers-reduced-motion){.play{animation:none;transform:translateX(${last}px)}}`
}

function drawRow(row: ScreenRow): string {
  const grounds = row.flatMap(({ column, width, style: { background } }) =>
    background === undefined
      ? []
      : [`<rect x="${px(column)}" width="${px(width)}" height="${lineHeight}" fill="${background}"/>`],
  )
  return [...grounds, ...row.filter(({ text }) => text.trim() !== '').map(drawRun)].join('')
}

function drawRun({ column, width, text, style }: TextRun): string {
  const start = text.length - text.trimStart().length
  const shown = text.trim()
  const classes = [style.bold ? 'b' : '', style.italic ? 'i' : '', style.underline ? 'u' : '']
    .join(' ')
    .trim()
  const look = `${classes ? ` class="${classes}"` : ''} fill="${style.color}"`
  return `<text x="${px(column + start)}" y="${lineHeight - 5}" textLength="${px(width - text.length + shown.length)}"${look}>${escapeXml(shown)}</text>`
}

/** The width of so many columns, in pixels. */
function px(columns: number): string {
  return (columns * cellWidth).toFixed(1)
}

/** The number of rows down to the last one that shows something. */
function usedRows(rows: readonly ScreenRow[]): number {
  return rows.findLastIndex((row) => row.length > 0) + 1
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
