import { isMap, isNode, isScalar, isSeq } from 'yaml'

/** Where a place of a YAML document stands in its text. What is missing has no place of its own: what it is missing from has. */
export function offsetOf(node: unknown, [step, ...rest]: readonly PropertyKey[]): number | undefined {
  const { at, value } = childOf(node, step)
  const offset = isNode(at) ? at.range?.[0] : undefined
  return rest.length === 0 ? offset : (offsetOf(value, rest) ?? offset)
}

/** What a step leads to, and the node that shows where it is: the key of a mapping, the item of a list. */
function childOf(node: unknown, step: PropertyKey | undefined): { at?: unknown; value?: unknown } {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step)
    return pair ? { at: pair.key, value: pair.value } : {}
  }
  if (!isSeq(node) || typeof step !== 'number') return {}
  const item = node.items[step]
  return { at: item, value: item }
}
