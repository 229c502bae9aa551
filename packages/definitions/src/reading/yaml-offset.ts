import { isMap, isNode, isScalar, isSeq } from 'yaml'

/** The offset of a place in the text of a YAML document. A missing key has the offset of its parent. */
export function findYamlOffset(node: unknown, [step, ...rest]: readonly PropertyKey[]): number | undefined {
  const { at, value } = childOf(node, step)
  const offset = isNode(at) ? at.range?.[0] : undefined
  return rest.length === 0 ? offset : (findYamlOffset(value, rest) ?? offset)
}

/** The child of a YAML node at a path step, and the node that marks its place: the key or the list item. */
function childOf(node: unknown, step: PropertyKey | undefined): { at?: unknown; value?: unknown } {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step)
    return pair ? { at: pair.key, value: pair.value } : {}
  }
  if (!isSeq(node) || typeof step !== 'number') return {}
  const item = node.items[step]
  return { at: item, value: item }
}
