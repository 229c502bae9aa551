import type { RawItem } from './wire.js'

/** Whether Codex writes such an item into each thread by itself: its tools, its prompt, the folder and the date. */
export function comesByItself(item: RawItem): boolean {
  const { type, role, internal_chat_message_metadata_passthrough: about } = item
  if (type === 'additional_tools' || role === 'developer') return true
  const kinds = about?.content_item_kinds ?? []
  return role === 'user' && kinds.length > 0 && kinds.every((kind) => ownKinds.test(kind))
}

const ownKinds = /^(?:agents_md|environments)\./
