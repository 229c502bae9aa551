import { isWithin, ratio, type Figure } from './figure.js'

/** The figures as a table for a terminal. */
export function renderFigures(figures: readonly Figure[]): string {
  const head = ['figure', 'n', 'ours', 'floor', 'ratio', 'limit', '']
  const rows = figures.map(row)
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

function row(figure: Figure): string[] {
  const { name, n, ours, unit, floor, limit, note } = figure
  const times = ratio(figure)
  return [
    name,
    String(n),
    amount(ours, unit),
    floor ? `${amount(floor.value, unit)} (${floor.name})` : '',
    times === undefined ? '' : `${times.toFixed(2)} ×`,
    limit ? `≤ ${limit.type === 'ratio' ? `${limit.most} ×` : amount(limit.most, unit)}` : '',
    [isWithin(figure) ? '' : 'OVER', note ?? ''].filter(Boolean).join(' '),
  ]
}

function amount(value: number, unit: Figure['unit']): string {
  return `${unit === 'bytes' ? Math.round(value) : value.toFixed(value < 10 ? 2 : 1)} ${unit}`
}
