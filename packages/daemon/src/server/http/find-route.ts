import { createHttpRefusal, type HttpRefusal } from './http-refusal.js'
import type { HttpRoute } from './route.js'

export type MatchedRoute =
  | { type: 'found'; route: HttpRoute; params: Record<string, string> }
  | { type: 'refused'; refusal: HttpRefusal }

/** Finds a route by method and path; HEAD finds the GET route. */
export function findRoute(routes: readonly HttpRoute[], method: string, path: string): MatchedRoute {
  const here = routes.flatMap((route) => {
    const params = matchPath(route.endpoint.path, path)
    return params ? [{ type: 'found', route, params } as const] : []
  })
  const wanted = method === 'HEAD' ? 'GET' : method
  const found = here.find(({ route }) => route.endpoint.method === wanted)
  return (
    found ?? { type: 'refused', refusal: here.length === 0 ? noPath(path) : noMethod(method, path, here) }
  )
}

/** The parameters of a path; `undefined` if it does not match the pattern. */
function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const [expected, actual] = [pattern.split('/'), path.split('/')]
  if (expected.length !== actual.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, segment] of expected.entries()) {
    const value = actual[index] ?? ''
    const [, name] = /^\{(\w+)\}$/.exec(segment) ?? []
    if (name === undefined && segment !== value) return undefined
    if (name === undefined) continue
    const decoded = decode(value)
    if (decoded === undefined || decoded === '') return undefined
    params[name] = decoded
  }
  return params
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    // An invalid percent encoding matches no route.
    return undefined
  }
}

function noPath(path: string): HttpRefusal {
  return createHttpRefusal(404, 'not-supported', `there is no ${path}`, {
    hint: 'GET /v1/openapi.json lists all paths',
  })
}

function noMethod(method: string, path: string, here: readonly { route: HttpRoute }[]): HttpRefusal {
  const methods = here.map(({ route }) => route.endpoint.method)
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].join(', ')
  return createHttpRefusal(405, 'not-supported', `${path} takes no ${method}`, {
    hint: `use ${allow}`,
    headers: { allow },
  })
}
