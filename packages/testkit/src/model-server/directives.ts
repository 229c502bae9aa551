import { readDirective } from './read-directive.js'
import type { Step } from './step.js'

/**
 * The script that is written into a prompt, empty when there is none. Text around the directives is for the
 * reader; a directive that cannot be read becomes a 400 that names it. README.md has the notation.
 */
export function parseDirectives(text: string): readonly Step[] {
  const steps: Step[] = []
  const opening = /\[\[\s*([a-z]+)\s*(?=[:\]])/g
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const [opened, name = ''] = found
    const body = bodyOf(name, text.slice(opening.lastIndex))
    const step = readDirective(name, argumentOf(body))
    if (step === 'not ours') continue
    if (step === undefined) return [unreadable(`${opened}${body}`)]
    steps.push(step)
    opening.lastIndex += body.length + 2
  }
  return steps
}

/** Up to the `]]` that ends it: JSON may hold brackets, and a text may quote directives. */
function bodyOf(name: string, rest: string): string {
  const isWhole = (body: string) =>
    name === 'tool' ? readDirective(name, argumentOf(body)) !== undefined : isBalanced(body)
  for (let end = rest.indexOf(']]'); end !== -1; end = rest.indexOf(']]', end + 1)) {
    if (isWhole(rest.slice(0, end))) return rest.slice(0, end)
  }
  return rest
}

function isBalanced(body: string): boolean {
  return body.split('[[').length === body.split(']]').length
}

function argumentOf(body: string): string {
  return body.replace(/^:/, '').trim()
}

function unreadable(directive: string): Step {
  const start = directive.length > 100 ? `${directive.slice(0, 100)}…` : directive
  return { type: 'status', status: 400, message: `the model server cannot read ${start}` }
}
