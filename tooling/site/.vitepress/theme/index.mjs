// The fonts of the system: the theme's own would be 1 MB of files.
export { default } from 'vitepress/theme-without-fonts'
