import { readDocsIndex } from '@subagent-mcp/checks/docs-index'
import { renderMermaidSVG } from 'beautiful-mermaid'
import { slug } from 'github-slugger'
import type { DefaultTheme, UserConfig } from 'vitepress'
import { checkout, generated, repository } from './places.js'
import { sitePath } from './site-link.js'

/** Diagrams take the colours of the page, so that they fit its light and its dark form. */
const diagramColours = { bg: 'transparent', fg: 'var(--vp-c-text-1)', accent: 'var(--vp-c-brand-1)' }

/** Pages that are not in the index of `docs/`, because GitHub has none of them. */
const generatedPages = [{ text: 'HTTP API', link: '/http-api' }]

/** The configuration of VitePress. A link to a page that does not exist fails the build. */
export const siteConfig: UserConfig<DefaultTheme.Config> = {
  title: 'subagent-mcp',
  description: 'Delegate work from one coding agent to others, on the CLIs that you are signed into',
  lang: 'en',
  srcDir: generated('pages'),
  outDir: generated('html'),
  cacheDir: generated('cache'),
  markdown: {
    // The anchors of GitHub, so that a link works in both places.
    anchor: { slugify: (text) => slug(text) },
    config: (markdown) => {
      const fence = markdown.renderer.rules.fence
      markdown.renderer.rules.fence = (tokens, index, ...rest) => {
        const token = tokens[index]
        if (token?.info === 'mermaid') return diagram(token.content)
        return fence?.(tokens, index, ...rest) ?? ''
      }
    },
  },
  transformHead: ({ siteData }) => [['link', { rel: 'icon', href: `${siteData.base}icon.svg` }]],
  themeConfig: {
    search: {
      provider: 'local',
      // Blocks of code are not searched: the index would be a quarter larger, and the build a third slower.
      options: {
        _render: (text, env, markdown) => markdown.render(text.replaceAll(/^```[^]*?^```$/gm, ''), env),
      },
    },
    outline: [2, 3],
    nav: [
      { text: 'Changelog', link: '/changelog' },
      { text: 'Source', link: repository },
    ],
    sidebar: readDocsIndex(checkout).map(({ title, pages }) => ({
      text: title,
      items: [
        ...pages.map((page) => ({ text: page.title, link: `/${sitePath(`docs/${page.path}`)}` })),
        ...(title === 'Reference' ? generatedPages : []),
      ],
    })),
  },
}

/**
 * The picture of a diagram. The library would load a font from another site, which a page of ours must not. Vue drops styles that stand in
 * a page itself, so that the picture is put in as text.
 */
function diagram(source: string): string {
  const svg = renderMermaidSVG(source, { ...diagramColours, font: 'inherit' })
  const own = svg
    .replaceAll(/@import url\([^)]*\);?/g, '')
    .replace(' style="', ' style="max-width: max(100%, 1000px); height: auto; ')
  return `<div style="overflow-x: auto" v-html="decodeURIComponent('${encodeURIComponent(own).replaceAll("'", '%27')}')"></div>\n`
}
