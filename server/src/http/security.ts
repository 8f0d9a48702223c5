import type { FastifyHelmetOptions } from '@fastify/helmet'

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
        connectSrc: ["'self'", 'ws:', 'wss:'],
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
