import { hosts, type FilePlan, type Planned } from '@subagent-mcp/installer'
import type { Paint, Tone } from '../../terminal/paint.js'
import { plainText } from '../../terminal/text.js'
import { shortPath } from '../../terminal/short-path.js'
import type { Terminal } from '../../terminal/terminal.js'

type Reader = Pick<Terminal, 'home' | 'stdout'>

/** What is to become of which file, host by host, and what cannot be done with what to do instead. */
export function describePlan(planned: readonly Planned[], reader: Reader): string[] {
  const lines = hosts.flatMap(({ id, label, tested }) => {
    const own = planned.flatMap((item) => (hostOf(item) === id ? describeItem(item, reader) : []))
    const title = tested ? label : `${label} (as its documentation says; untested)`
    return own.length === 0 ? [] : [reader.stdout.paint('bold', title), ...own.map((line) => `  ${line}`)]
  })
  const isWired = planned.length > 0 && planned.every(({ type }) => type === 'unchanged')
  return isWired ? [...lines, 'all of it is there already: nothing to write'] : lines
}

/** The lines that change in these files. */
export function diffLines(files: readonly FilePlan[], paint: Paint): string[] {
  return files
    .flatMap(({ diff }) => ['', ...plainText(diff).trimEnd().split('\n')])
    .map((line) => paint(toneOf(line), line))
}

function toneOf(line: string): Tone {
  if (/^(---|\+\+\+) /.test(line)) return 'bold'
  if (line.startsWith('+')) return 'green'
  if (line.startsWith('-')) return 'red'
  return line.startsWith('@@') ? 'dim' : 'plain'
}

function hostOf(item: Planned): string | undefined {
  return item.type === 'write' ? item.changes[0]?.host : item.change.host
}

function describeItem(item: Planned, { home, stdout: { paint } }: Reader): string[] {
  if (item.type === 'write') {
    const what = item.changes.map((change) => change.what).join('; ')
    return [`${shortPath(item.path, home)}: ${what}`]
  }
  const { path, what, snippet } = item.change
  const place = `${shortPath(path, home)}: ${what}`
  if (item.type === 'unchanged') return [paint('dim', `${place}: there already`)]
  const refused = paint('red', `${place}: not possible: ${plainText(item.why)}`)
  // What is to be taken out has none.
  if (snippet === '') return [refused]
  return [
    refused,
    'put this in by hand:',
    ...snippet
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
  ]
}
