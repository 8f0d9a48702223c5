import { hash, verify } from '@node-rs/argon2'

/** OWASP's parameters for argon2id, which is the library's default algorithm. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** The hash of a password that nobody has; it takes as long to refuse as a real one. */
const nobodysHash =
  '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'

/** The same characters, however a keyboard composes them, are the same password (NIST SP 800-63B). */
const normal = (password: string) => password.normalize('NFKC')

/** Hash a password for storage. */
export function hashPassword(password: string): Promise<string> {
  return hash(normal(password), cost)
}

/** Whether the password is the one; without a hash it takes the same time and is false. */
export async function verifyPassword(passwordHash: string | undefined, password: string) {
  if (await verify(passwordHash ?? nobodysHash, normal(password))) return true
  // Passwords of earlier versions were hashed as they were typed.
  return normal(password) !== password && verify(passwordHash ?? nobodysHash, password)
}
