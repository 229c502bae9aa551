/** Returns the text in content as the model APIs allow it: a string, a list of parts that have a text, or anything. An image has none. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content
  if (Array.isArray(content)) return content.map(contentText).join('\n')
  if (typeof content === 'object' && content !== null) {
    if ('image_url' in content) return ''
    if ('text' in content) return contentText(content.text)
    if ('output' in content) return contentText(content.output)
    if ('error' in content) return contentText(content.error)
  }
  return content === undefined ? '' : JSON.stringify(content)
}
