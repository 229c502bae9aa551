import { alignColumns } from '@subagent-mcp/e2e/align-columns'
import { keepsLimit, ratioToFloor, type Figure } from './figure.js'

/** Returns the figures as a table for a terminal. */
export function renderFigures(figures: readonly Figure[]): string {
  const head = ['figure', 'n', 'ours', 'floor', 'ratio', 'limit', '']
  return alignColumns(head, figures.map(row))
}

function row(figure: Figure): string[] {
  const { name, n, ours, unit, floor, note } = figure
  const times = ratioToFloor(figure)
  return [
    name,
    String(n),
    amount(ours, unit),
    floor ? `${amount(floor.value, unit)} (${floor.name})` : '',
    times === undefined ? '' : `${times.toFixed(2)} ×`,
    bound(figure),
    [keepsLimit(figure) ? '' : 'OVER', note ?? ''].filter(Boolean).join(' '),
  ]
}

function bound({ limit, unit }: Figure): string {
  if (!limit) return ''
  const [sign, value] = 'least' in limit ? ['≥', limit.least] : ['≤', limit.most]
  return `${sign} ${limit.type === 'ratio' ? `${value} ×` : amount(value, unit)}`
}

function amount(value: number, unit: Figure['unit']): string {
  return `${unit === 'bytes' ? Math.round(value) : value.toFixed(value < 10 ? 2 : 1)} ${unit}`
}
