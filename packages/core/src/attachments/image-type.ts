import type { ImageType } from '@subagent-mcp/contract'

/** The bytes at the beginning of a file by which `detectImageType` recognizes all types. */
export const maxImageSignatureBytes = 12

/** Returns the type of an image by the first bytes of its file; undefined for all other files. */
export function detectImageType(beginning: Uint8Array): ImageType | undefined {
  const text = Buffer.from(beginning.subarray(0, maxImageSignatureBytes)).toString('latin1')
  if (text.startsWith('\x89PNG\r\n\x1A\n')) return 'image/png'
  if (text.startsWith('\xFF\xD8\xFF')) return 'image/jpeg'
  if (/^GIF8[79]a/.test(text)) return 'image/gif'
  return /^RIFF.{4}WEBP/s.test(text) ? 'image/webp' : undefined
}
