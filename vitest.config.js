export { default } from './tooling/vitest-config/index.js'
