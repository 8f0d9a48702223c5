import { config } from 'zod'

/**
 * For pages, to be imported before any schema: zod tries whether it may compile its checks
 * with `eval`, which our content security policy refuses and reports as a violation.
 */
config({ jitless: true })
