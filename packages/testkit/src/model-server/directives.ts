import { isDirective, readDirective } from './read-directive.js'
import type { Step } from './step.js'

/**
 * Reads the script in a prompt's directives, empty when there are none. Text around the directives is for the reader; a directive
 * that cannot be read becomes a 400 that names it. README.md has the notation.
 */
export function parseDirectives(text: string): readonly Step[] {
  const steps: Step[] = []
  const opening = /\[\[\s*([a-z]+)\s*(?=[:\]])/g
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const [, name = ''] = found
    if (!isDirective(name)) continue
    const body = bodyOf(name, text.slice(opening.lastIndex))
    const step = body === undefined ? undefined : stepIn(name, body)
    if (body === undefined || step === undefined) return [unreadable(text.slice(found.index))]
    steps.push(step)
    opening.lastIndex += body.length + 2
  }
  return steps
}

/** Returns a directive's argument up to the `]]` that ends it: JSON may hold brackets, and a text may quote directives. */
function bodyOf(name: string, rest: string): string | undefined {
  const isWhole = (body: string) => (name === 'tool' ? stepIn(name, body) !== undefined : isBalanced(body))
  for (let end = rest.indexOf(']]'); end !== -1; end = rest.indexOf(']]', end + 1)) {
    if (isWhole(rest.slice(0, end))) return rest.slice(0, end)
  }
  return undefined
}

function isBalanced(body: string): boolean {
  return body.split('[[').length === body.split(']]').length
}

function stepIn(name: string, body: string): Step | undefined {
  return readDirective(name, body.replace(/^:/, '').trim())
}

function unreadable(text: string): Step {
  const [directive] = /^.*?\]\]|^.{1,100}/s.exec(text) ?? []
  return { type: 'status', status: 400, message: `the model server cannot read ${directive ?? text}` }
}
