import GithubSlugger from 'github-slugger'

/** A Markdown page without its blocks of code and its comments, in which `#` and brackets have no meaning. */
function proseOf(page: string): string {
  return page.replaceAll(/^( *)(```+|~~~+)[^]*?^\1\2.*$|<!--[^]*?-->/gm, '')
}

/** Returns the headings of a page, as text. */
export function headingsOf(page: string): { level: number; text: string }[] {
  return [...proseOf(page).matchAll(/^(#{1,6}) +(.+?)(?: +#+)?$/gm)].map(([, marks = '', text = '']) => ({
    level: marks.length,
    text: text.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, ''),
  }))
}

/** Returns the anchors of a page, as GitHub makes them of its headings. */
export function anchorsOf(page: string): ReadonlySet<string> {
  const slugger = new GithubSlugger()
  const anchors = headingsOf(page).map(({ text }) => slugger.slug(text))
  return new Set([...anchors, ...[...page.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id = '']) => id)])
}

/** Returns the targets of all links and pictures of a page. */
export function linksOf(page: string): string[] {
  const prose = proseOf(page).replaceAll(/(`+)[^`]*\1/g, '')
  const patterns = [
    /\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g,
    /^\[[^\]]+\]: +(\S+)/gm,
    /<(?:a|img)\b[^>]*?\b(?:href|src)="([^"]+)"/g,
    /<(https?:[^>\s]+)>/g,
  ]
  return patterns.flatMap((pattern) => [...prose.matchAll(pattern)].map(([, target = '']) => target))
}

/** Returns the language of each block of code of a page, or an empty text. */
export function blockLanguages(page: string): string[] {
  return [...page.matchAll(/^ *```+(\w*)\n[^]*?^ *```+$/gm)].map(([, language = '']) => language)
}
