/**
 * What turns the sources inside the mediasoup package into a worker that is
 * linked against the distribution's libraries. All of it, together with the
 * files in worker-build/, goes into the cache key.
 */

/** A change of one place in one source file. */
export type Edit = { file: string; from: string; to: string }

export const edits: readonly Edit[] = [
  // Debian 12 has Meson 1.0.1, and nothing in the build needs more.
  { file: 'meson.build', from: "meson_version: '>= 1.1.0'", to: "meson_version: '>= 1.0.0'" },
  // Where OpenSSL has kernel TLS (Debian's does), it asks the BIO for it at the
  // first write. This callback then answers 1, "yes", in place of the BIO;
  // OpenSSL allocates no write buffer and the worker dies at the first DTLS
  // handshake. BIO_CB_RETURN is a flag beside the operation, not a value of its
  // own: with the flag tested, what the BIO said is passed on.
  {
    file: 'src/RTC/DtlsTransport.cpp',
    from: '(operationType == BIO_CB_RETURN) ?',
    to: '((operationType & BIO_CB_RETURN) != 0) ?',
  },
]

export const mesonOptions = [
  '--buildtype',
  'release',
  '-Db_ndebug=true',
  // Keeps Meson off the network.
  '--wrap-mode=nodownload',
] as const

/** Replace whatever flags the caller's environment has. The hardening costs nothing measurable. */
export const compilerFlags = {
  CFLAGS: '-fstack-protector-strong -D_FORTIFY_SOURCE=2',
  CXXFLAGS: '-fstack-protector-strong -D_FORTIFY_SOURCE=2',
  CPPFLAGS: '',
  LDFLAGS: '-Wl,-z,relro,-z,now',
} as const

/** What the build needs: the package of Debian and how to see that it is there. */
export const requirements = [
  { debian: 'g++', command: 'c++' },
  { debian: 'meson', command: 'meson' },
  { debian: 'ninja-build', command: 'ninja' },
  { debian: 'pkg-config', command: 'pkg-config' },
  { debian: 'libssl-dev', library: 'openssl' },
  { debian: 'libuv1-dev', library: 'libuv' },
  { debian: 'libabsl-dev', library: 'absl_strings' },
  { debian: 'libflatbuffers-dev', library: 'flatbuffers' },
  { debian: 'flatbuffers-compiler', command: 'flatc' },
] as const

/** Only where libsrtp's source package can't be had. */
export const srtpFallback = { debian: 'libsrtp2-dev', library: 'libsrtp2' } as const
