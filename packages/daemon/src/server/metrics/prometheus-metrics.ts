/** One Prometheus metric: a number, or a number for each value of one label. */
export type PrometheusMetric = {
  name: string
  help: string
  type: 'counter' | 'gauge'
  value: number | { label: string; by: Readonly<Record<string, number>> }
}

export function renderPrometheusMetrics(metrics: readonly PrometheusMetric[]): string {
  return metrics.map(renderMetric).join('')
}

function renderMetric({ name, help, type, value }: PrometheusMetric): string {
  const samples = typeof value === 'number' ? [`${name} ${value}`] : labelled(name, value)
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples, ''].join('\n')
}

function labelled(
  name: string,
  { label, by }: { label: string; by: Readonly<Record<string, number>> },
): string[] {
  return Object.entries(by).map(([key, value]) => `${name}{${label}="${escapeLabel(key)}"} ${value}`)
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
