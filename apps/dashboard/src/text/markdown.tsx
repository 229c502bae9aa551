import type { ReactNode } from 'react'
import ReactMarkdown, { type Components } from 'react-markdown'
import { escapeLines } from './visible-lines.js'

/** Shows a model's text as Markdown. HTML in it stays text, no image is loaded, and links show where they lead. */
export default function Markdown({ text }: { text: string }): ReactNode {
  return (
    <div className="markdown">
      <ReactMarkdown components={components} urlTransform={webAddress}>
        {escapeLines(text)}
      </ReactMarkdown>
    </div>
  )
}

/** Only web addresses become links. */
function webAddress(address: string): string {
  return /^https?:\/\//i.test(address) && URL.canParse(address) ? new URL(address).href : ''
}

const components: Components = {
  a: ({ href, children }) => <Link href={href ?? ''}>{children}</Link>,
  img: ({ alt, src }) => (
    <span>
      [image: {alt} {typeof src === 'string' ? src : ''}]
    </span>
  ),
}

function Link({ href, children }: { href: string; children: ReactNode }): ReactNode {
  if (href === '') return <span>{children}</span>
  return (
    <>
      <a href={href} target="_blank" rel="noopener noreferrer">
        {children}
      </a>
      {children === href ? null : <span className="address"> ({href})</span>}
    </>
  )
}
