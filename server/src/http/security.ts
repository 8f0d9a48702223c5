import type { FastifyHelmetOptions } from '@fastify/helmet'

/** What a page of ours may ask the browser for, and what nothing in it ever may. */
export const permissionsPolicy = [
  ...['camera', 'microphone', 'display-capture'].map((feature) => `${feature}=(self)`),
  ...['geolocation', 'payment', 'usb', 'serial', 'hid', 'midi'].map((feature) => `${feature}=()`),
].join(', ')

/** The headers of every answer; `https` says whether browsers reach us by TLS. */
export function helmetOptions(https: boolean): FastifyHelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // The model that takes noise out of a microphone is WebAssembly.
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        // Solid and Kobalte set style attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        // The SFU's signalling socket may be on another host or port.
        connectSrc: ["'self'", ...(https ? [] : ['ws:']), 'wss:'],
        imgSrc: ["'self'", 'blob:', 'data:'],
        mediaSrc: ["'self'", 'blob:'],
        workerSrc: ["'self'", 'blob:'],
        fontSrc: ["'self'"],
        formAction: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginOpenerPolicy: https,
    originAgentCluster: https,
    hsts: https && { maxAge: 180 * 24 * 60 * 60 },
  }
}
